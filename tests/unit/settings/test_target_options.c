/* Targets as they are written: read, printed again, and what is refused. */
#include "settings/target_options.h"

#include "check.h"

static struct arena *a;

static struct str
again(const char *line)
{
    struct diag d = diag_init(a);
    struct config_export e;
    AUTO_BUF out = buf_init(4096);
    if (target_options_parse(str_c(line), a, &e, &d) != 0)
        return diag_text(&d);
    target_options_print(&e, &out);
    return arena_str(a, buf_view(&out));
}

static void
check_same(const char *line)
{
    struct str want = str_c(line), got = again(line);
    if (!str_eq(got, want))
        fprintf(stderr, "  %s\n  %.*s\n", line, STR_ARG(got));
    CHECK(str_eq(got, want));
}

static void
check_refused(const char *line, const char *word)
{
    struct str got = again(line);
    if (str_find(got, word) < 0)
        fprintf(stderr, "  %s: %.*s\n", line, STR_ARG(got));
    CHECK(str_find(got, word) >= 0);
}

static void
test_read(void)
{
    struct diag d = diag_init(a);
    struct config_export e;
    CHECK(
        target_options_parse(STR("cef : /var/log/a b.cef  max=2048 \"group=Web servers\" bom=yes"),
                             a, &e, &d) == 0);
    CHECK(str_eqc(e.format, "cef") && str_eqc(e.path, "/var/log/a b.cef"));
    CHECK(e.max == 2048 && e.bom && !e.legacy && str_eqc(e.group, "Web servers"));
    CHECK(e.facility == 13 && e.send == SEND_AUDIT && e.confirm_s == 5);
    CHECK(str_eqc(target_key(&e, a), "cef:/var/log/a b.cef"));
    CHECK(target_option_set(&e, STR("name=siem-1"), a, &d) == 0);
    CHECK(str_eqc(target_key(&e, a), "siem-1"));
}

int
main(void)
{
    a = arena_new();
    test_read();
    check_same("json:/var/log/assay/audit.json");
    check_same("json:-");
    check_same("json:/var/log/with blanks/a=b.json");
    check_same("rfc5424:relps://[::1]:2514 name=siem send=all events=report.*,config.change");
    check_same(
        "cef:syslogs://a:1 min-severity=3 group=\"Web servers,db*\" max=65536 facility=4 bom=yes "
        "legacy=yes token-file=/etc/t tls-ca=/a tls-cert=/b tls-key=/c");
    check_same("json:/x rotate=1000000 keep=3");
    check_same("json:/x send=results baseline=yes");
    check_refused("json", "FORMAT:TARGET");
    check_refused(":x", "FORMAT:TARGET");
    check_refused("json: ", "FORMAT:TARGET");
    check_refused("json:/x max=2047", "2048");
    check_refused("json:/x max=9999999999999999999999", "65536");
    check_refused("json:/x facility=24", "23");
    check_refused("json:/x min-severity=", "number");
    check_refused("json:/x bom=maybe", "yes or no");
    check_refused("json:/x send=everything", "audit, results or all");
    check_refused("json:/x colour=red", "colour");
    check_refused("json:/x name=", "name");
    check_refused("json:/x name=\"a b\"", "name");
    check_refused("json:/x name=siem stray", "OPTION=VALUE");
    check_refused("ecs:https://user:geheim@elastic:9200/x", "token-file");
    CHECK(str_find(again("ecs:https://user:geheim@elastic:9200/x"), "geheim") < 0);
    arena_free(a);
    return CHECK_DONE();
}
