/* assay.conf: what without a file holds, what lines are taken and refused, and that what is printed
 * stays what it is: it is kept in the database and compared with the next run's. */
#include "settings/config.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "check.h"

static struct arena *a;
static char dir[] = "/tmp/assay-unit-XXXXXX";

static struct str
conf(void)
{
    return file_join(a, dir, "assay.conf");
}

/* Reads a file of that text; the failure, empty when there is none. */
static struct str
load(const char *text, struct config *ret)
{
    struct diag d = diag_init(a);
    CHECK(file_write_atomic(conf().s, str_c(text), 0600, &d) == 0);
    if (config_load(conf().s, NULL, a, ret, &d) == 0)
        return STR("");
    CHECK(d.first.code == DIAG_CONFIG);
    return arena_fmt(a, "%.*s: %.*s", STR_ARG(d.first.place), STR_ARG(d.first.text));
}

/* What is wrong with a file of that text, without its name. */
static void
check_refused(const char *text, const char *want)
{
    struct config c = {.path = STR("untouched")};
    struct str got = load(text, &c);
    size_t n = conf().len;
    CHECK_STR(got.len > n && str_starts(got, conf().s) ? str_n(got.s + n, got.len - n) : got, want);
    CHECK_STR(c.path, "untouched");
}

static void
test_lines(void)
{
    struct config c;
    CHECK_STR(
        load("# paper = letter\n\n  paper=  letter \t\njobs = 3\njobs = 4\norganisation = a = b\n"
             "zone =\nstate-dir = /s",
             &c),
        "");
    CHECK_STR(c.paper, "letter");
    CHECK(c.jobs == 4);
    CHECK_STR(c.organisation, "a = b");
    CHECK_STR(c.zone, "");
    check_refused("\npaper = a5\n", ":2: paper: no paper \"a5\"; there is: a4, letter");
    check_refused("paper = leter\n", ":1: paper: no paper \"leter\"; the nearest is \"letter\"");
    check_refused("zone = Europe/Madird\n",
                  ":1: zone: no zone \"Europe/Madird\"; the nearest is \"Europe/Madrid\"");
    check_refused("language = fr\n", ": no language \"fr\"; there is: en, ja");
    check_refused("paper = a4\npapers = a4\n", ":2: unknown setting \"papers\"");
    check_refused("\n\npaper\n", ":3: want \"key = value\", got \"paper\"");
    check_refused("= a4\n", ":1: unknown setting \"\"");
    check_refused("jobs = 65\n", ":1: jobs: want a number from 1 to 64, got \"65\"");
    check_refused("fallback-encoding = UTF-16\n",
                  arena_fmt(a, ":1: fallback-encoding: \"UTF-16\" is none of: %s",
                            "ISO-8859-1, ISO-8859-15, windows-1250, windows-1251, windows-1252, "
                            "windows-1253, windows-1254, windows-1255, windows-1256, windows-1257, "
                            "windows-1258, Shift_JIS, windows-31J, EUC-JP, ISO-2022-JP, GB18030, "
                            "Big5, EUC-KR")
                      .s);
}

static void
test_sources(void)
{
    struct diag d = diag_init(a);
    struct config c;
    CHECK(config_load("/nonexistent/assay.conf", NULL, a, &c, &d) == -1);
    CHECK(d.first.code == DIAG_CONFIG); /* of the file system's making, but the settings' failure */
    diag_clear(&d);
    CHECK_STR(load("paper = letter\nstate-dir = /s\n", &c), "");
    setenv("ASSAY_CONFIG", conf().s, 1);
    CHECK(config_load(NULL, "/other", a, &c, &d) == 0);
    CHECK_STR(c.paper, "letter");
    CHECK_STR(c.path, conf().s);
    CHECK_STR(c.state_dir, "/other"); /* the command line wins */
    CHECK_STR(c.spool_dir, "/other/spool");
    setenv("ASSAY_CONFIG", "", 1); /* as if it were not there */
    CHECK(config_load(NULL, "/other", a, &c, &d) == 0);
    CHECK(!c.path.len || str_eqc(c.path, "/etc/assay/assay.conf"));
    unsetenv("ASSAY_CONFIG");
}

/* A relative path would be of whatever folder a run begins in; that of the command line is of this one. */
static void
test_paths(void)
{
    struct config c;
    struct diag d = diag_init(a);
    static const char *const keys[] = {"state-dir",    "spool-dir", "option-file", "sign-key",
                                       "metrics-file", "tls-ca",    "reports-dir", "trust-file"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        check_refused(arena_fmt(a, "%s = here/it\n", keys[i]).s,
                      arena_fmt(a,
                                ":1: %s: want a path from the root, such as /var/lib/assay, got "
                                "\"here/it\"",
                                keys[i])
                          .s);
    CHECK_STR(load("state-dir = /s\nreports-dir = /a:b\nspool-dir =\n", &c), "");
    CHECK_STR(c.spool_dir, "/s/spool");
    CHECK_STR(load("state-dir = /s\nreports-dir = mail:a@example.org\n", &c), "");
    CHECK(config_load(conf().s, "x", a, &c, &d) == 0);
    CHECK_STR(c.state_dir, file_join(a, env_folder(a).s, "x").s);
}

static void
write_part(const char *name, const char *text)
{
    struct diag d = diag_init(a);
    struct str folder = file_join(a, dir, "conf.d");
    CHECK(file_mkdirs(folder.s, 0700, &d) == 0);
    CHECK(file_write_atomic(file_join(a, folder.s, name).s, str_c(text), 0600, &d) == 0);
}

/* Behind assay.conf come the files of conf.d: the last value counts, of lists all lines do. */
static void
test_parts(void)
{
    struct config c;
    struct diag d = diag_init(a);
    write_part("20-b.conf", "jobs = 5\ngroup = C:c*");
    write_part("10-a.conf", "jobs = 4\npaper = letter\ngroup = B:b*\n");
    write_part(".30.conf", "no line of settings\n");
    write_part("40.conf.dpkg-old", "no line of settings\n");
    CHECK_STR(load("jobs = 3\nstate-dir = /s\ngroup = A:a*\n", &c), "");
    CHECK(c.jobs == 5 && c.groups.n == 3 && c.files.n == 3);
    CHECK_STR(c.paper, "letter");
    CHECK_STR(c.groups.v[2].name, "C");
    CHECK_STR(c.path, conf().s);
    CHECK_STR(c.files.v[1], file_join(a, dir, "conf.d/10-a.conf").s);
    struct str other = file_join(a, dir, "other.conf");
    CHECK(file_write_atomic(other.s, STR("jobs = 7\n"), 0600, &d) == 0);
    CHECK(config_load(other.s, NULL, a, &c, &d) == 0);
    CHECK(c.jobs == 7 && c.files.n == 1); /* conf.d may be anybody's */
    write_part("10-a.conf", "\njobs = many\n");
    CHECK(config_load(conf().s, NULL, a, &c, &d) == -1 && d.first.code == DIAG_CONFIG);
    CHECK_STR(d.first.place, file_join(a, dir, "conf.d/10-a.conf:2").s);
    unlink(file_join(a, dir, "conf.d/10-a.conf").s);
    unlink(file_join(a, dir, "conf.d/20-b.conf").s);
    unlink(file_join(a, dir, "conf.d/.30.conf").s);
    unlink(file_join(a, dir, "conf.d/40.conf.dpkg-old").s);
    rmdir(file_join(a, dir, "conf.d").s);
    unlink(other.s);
}

/* Folders, keys and the log's name follow from the state directory and the host. */
static void
test_defaults(void)
{
    struct config c;
    CHECK_STR(load("state-dir = /s\n", &c), "");
    CHECK_STR(c.spool_dir, "/s/spool");
    CHECK_STR(c.reports_dir, "/s/reports");
    CHECK_STR(c.sign_cert, "/s/sign.crt");
    CHECK_STR(c.sign_key, "/s/sign.key");
    CHECK_STR(c.origin, arena_fmt(a, "%s/assay", env_host()).s);
    CHECK_STR(load("state-dir = /s\nsign-p12 = /p\nspool-dir = /in\norigin = o\n", &c), "");
    CHECK_STR(c.sign_cert, ""); /* a PKCS#12 has both in it */
    CHECK_STR(c.sign_key, "");
    CHECK_STR(c.spool_dir, "/in");
    CHECK_STR(c.origin, "o");
}

static void
test_print(void)
{
    struct config c;
    CHECK_STR(load("state-dir = /s\norigin = o\nagent = b:x,y\nagent-certs = /c\nagent = a\n"
                   "group = G : g*\nexport = cef:/log group=\"Web servers\" bom=yes\n"
                   "audit-witness-ask = unix:/w\naudit-witness = w+1\naudit-witness = v+2\n"
                   "group-password = A:B:$scrypt$abc$def\n",
                   &c),
              "");
    CHECK_STR(
        config_print(&c, a),
        "state-dir = /s\noption-file = \ndatabase = assay\ndatabase-wait = "
        "60\ndatabase-password-file = \nspool-dir = "
        "/s/spool\n"
        "spool-delete = no\nspool-settle = 60\nspool-settle-all = no\n"
        "spool-nothing = keep\nquota-checks = 20000\nquota-size = 64\n"
        "quota-day-checks = 250000\nquota-day-size = 256\nquota-day-policies = 100\n"
        "jobs = 2\nconfine = yes\n"
        "parser-memory = 2048\nparser-seconds = 300\nreports-dir = /s/reports\n"
        "templates-dir = \norganisation = \nclassification = \nlanguage = en\nzone = \n"
        "origin = o\naudit-publish-dir = \naudit-heartbeat = 3600\naudit-keep-months = 12\n"
        "audit-anchor = daily\ntsa-url = \ntsa-ca = \ntsa-policy = \ntsa-user-file = \n"
        "sign = yes\nsign-cert = /s/sign.crt\nsign-key = /s/sign.key\nsign-p12 = \n"
        "sign-passphrase-file = \ntrust-file = \nlynis-suggestions-informational = no\n"
        "fallback-encoding = \npaper = a4\nenrol = open\nagent-certs = /c\n"
        "expect-days = 90\nrequire-signature = no\nexport-heartbeat = 60\nmetrics-file = \n"
        "tls-ca = \ntls-cert = \ntls-key = \nenterprise-number = 32473\n"
        "csv-bom = no\ncsv-formula-guard = yes\ncsv-separator = comma\n"
        "keep-scans = 0\nkeep-evidence = 0\nkeep-inputs = 0\nkeep-done = 12\nkeep-rejected = 12\n"
        "keep-reports = 0\nkeep-exports = 12\n"
        "mail-server = \nmail-from = \nmail-user = \nmail-password-file = \nmail-ca = \n"
        "mail-sign = yes\nmail-cert = \nmail-key = \nmail-passphrase-file = \n"
        "mail-attach-max = 10\nsecret-key = \nmail-link = \noverdue-days = 35\n"
        "portal-dir = \nportal-language = \nportal-bad-below = 50\nportal-watch-below = 70\n"
        "portal-silent-days = 14\n"
        "export = cef:/log group=\"Web servers\" bom=yes\n"
        "audit-witness = w+1\naudit-witness = v+2\naudit-witness-ask = unix:/w\n"
        "group = G:g*\ngroup-password = A:B:sha256 f55f8ede40c1dafa\n"
        "agent = b:x,y\nagent = a\n");
}

int
main(void)
{
    a = arena_new();
    unsetenv("ASSAY_CONFIG");
    if (!mkdtemp(dir))
        return 1;
    test_lines();
    test_sources();
    test_defaults();
    test_print();
    test_paths();
    test_parts();
    CHECK(unlink(conf().s) == 0 && rmdir(dir) == 0);
    arena_free(a);
    return CHECK_DONE();
}
