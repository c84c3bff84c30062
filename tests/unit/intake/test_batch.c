/* Files on their way in, read by the real parsers: whose they are, which group they get, what is
 * refused and with what words, and that nothing of a refused file stays but its hash. */
#include "intake/batch.h"

#include "unit/act/session.h"

static struct session s;
static struct str events; /* of Wazuh: a file that names no agent */

/* A file as a spool or a list of paths hands it over. */
static struct spool_file
file_of(const char *name, const char *text)
{
    return (struct spool_file){.name = str_c(name),
                               .path = session_write(&s, name, text),
                               .size = (int64_t)strlen(text),
                               .mtime = 1790000000,
                               .fd = -1};
}

/* One batch of n files from its beginning to its end; batch_drop frees. */
static struct batch
read_batch(const struct spool_file *files, size_t n, const char *agent)
{
    struct batch_reader *r = NULL;
    struct batch b = {0}, rest = {0};
    struct diag d = diag_init(s.db.a);
    CHECK(batch_open(s.act, agent, &r, &d) == 0);
    CHECK(batch_begin(r, files, n, &b, &d) == 0 && b.n == n);
    CHECK(batch_finish(r, &b, &rest, &d) == 0 && rest.n == 0 && b.n == n);
    if (diag_failed(&d))
        fprintf(stderr, "  %s\n", diag_text(&d).s);
    batch_close(r);
    return b;
}

/* What became of one file: "agent (group) verdict format", or the reason of its refusal. */
static struct str
outcome(struct spool_file f, const char *agent)
{
    struct batch b = read_batch(&f, 1, agent);
    const struct batch_item *it = &b.v[0];
    struct str text;
    CHECK_STR(it->input.name, f.name.s);
    if (it->rejected) {
        CHECK_STR(it->input.verdict, "rejected");
        CHECK(it->scans.scans.n == 0 && it->input.n_scans == 0);
        text = arena_str(s.db.a, it->input.reason);
    } else {
        const struct scan *scan = &it->scans.scans.v[0];
        CHECK(it->scans.scans.n == 1 && it->input.n_scans == 1);
        text = arena_fmt(s.db.a, "%.*s (%.*s) %.*s %.*s", STR_ARG(scan->asset.name),
                         STR_ARG(scan->asset.group), STR_ARG(it->input.verdict),
                         STR_ARG(it->input.format));
    }
    struct sha256_digest want = {{0}};
    int64_t size;
    if (!f.why && sha256_of_file(f.path.s, &size, &want) == 0)
        CHECK(memcmp(&want, &it->input.sha256, sizeof want) == 0);
    batch_drop(&b);
    return text;
}

static void
check_has(struct str text, const char *word)
{
    if (str_find(text, word) < 0)
        fprintf(stderr, "  \"%.*s\" lacks \"%s\"\n", STR_ARG(text), word);
    CHECK(str_find(text, word) >= 0);
}

static void
test_whose(void)
{
    CHECK_STR(outcome(file_of("web01@events.jsonl", events.s), NULL),
              "web01 (Web) stored wazuh-sca");
    CHECK_STR(outcome(file_of("db01@a@b", events.s), NULL), "db01 () stored wazuh-sca");
    /* the command line is for files that carry no name, neither inside nor before an @ */
    CHECK_STR(outcome(file_of("web01@events.jsonl", events.s), "web77"),
              "web01 (Web) stored wazuh-sca");
    CHECK_STR(outcome(file_of("events.jsonl", events.s), "web77"), "web77 (Web) stored wazuh-sca");
    CHECK_STR(outcome(file_of("unknown@events.jsonl", events.s), "web77"),
              "web77 (Web) stored wazuh-sca");
    check_has(outcome(file_of("events.jsonl", events.s), NULL),
              "events.jsonl: the file names no agent: name it <agent>@<anything>, or give --agent");
    check_has(outcome(file_of("@events.jsonl", events.s), NULL), "names no agent");
    check_has(outcome(file_of("events.jsonl", events.s), arena_fmt(s.db.a, "%0200d", 1).s),
              "the agent's name has 200 bytes, at most 191 are kept");
}

static void
test_refused(void)
{
    struct spool_file gone = file_of("web01@gone", "x"), link = file_of("web01@link", "x");
    check_has(outcome(file_of("web01@what", "neither XML nor JSON\n"), NULL), "(format)");
    check_has(outcome(file_of("web01@empty", ""), NULL), "web01@empty");
    CHECK(unlink(gone.path.s) == 0);
    check_has(outcome(gone, NULL), "cannot read");
    link.why = "it is a symbolic link"; /* as the spool says of what it does not open */
    check_has(outcome(link, NULL), "cannot read: it is a symbolic link");
    s.act->config.enrol = ENROL_LISTED;
    check_has(outcome(file_of("web01@events.jsonl", events.s), NULL), "not on the list of agents");
    s.act->config.enrol = ENROL_OPEN;
}

/* One file that is refused costs the others nothing, and they keep their places. */
static void
test_side_by_side(void)
{
    struct spool_file files[12];
    for (int i = 0; i < 12; i++)
        files[i] = i % 3 ? file_of(arena_fmt(s.db.a, "web%02d@x", i).s, events.s)
                         : file_of(arena_fmt(s.db.a, "bad%02d@x", i).s, "garbage");
    struct batch b = read_batch(files, 12, NULL);
    for (size_t i = 0; i < b.n; i++) {
        CHECK(b.v[i].rejected == (i % 3 == 0));
        CHECK(i % 3 == 0 ||
              str_eq(b.v[i].scans.scans.v[0].asset.name, arena_fmt(s.db.a, "web%02zu", i)));
    }
    batch_drop(&b);
}

/* What the store refuses afterwards is refused like the rest. */
static void
test_reject(void)
{
    struct spool_file f = file_of("web01@late", events.s);
    struct batch b = read_batch(&f, 1, NULL);
    struct diag d = diag_init(s.db.a);
    diag_fail(&d, DIAG_TOO_BIG, "the key has too many bytes");
    batch_reject(&b.v[0], &d);
    CHECK(!diag_failed(&d));
    CHECK(b.v[0].rejected && b.v[0].scans.scans.n == 0 && b.v[0].input.n_scans == 0);
    CHECK_STR(b.v[0].input.reason, "web01@late: the key has too many bytes (too-big)");
    batch_drop(&b);
}

/* Parsers that cannot be had are a failure of the run, not of a file. */
static void
test_no_run(void)
{
    struct batch_reader *r = NULL;
    struct diag d = diag_init(s.db.a);
    s.act->config.require_signature = true; /* without agent-certs */
    CHECK(batch_open(s.act, NULL, &r, &d) == -1 && d.first.code == DIAG_CONFIG && !r);
    s.act->config.require_signature = false;
}

int
main(void)
{
    session_start(&s, "group = Web:web*\njobs = 3\n");
    CHECK(db_ok(&s.db,
                file_slurp("samples/wazuh/web01-events.jsonl", 1 << 20, s.db.a, &events, &s.db.d)));
    test_whose();
    test_refused();
    test_side_by_side();
    test_reject();
    test_no_run();
    session_stop(&s);
    return CHECK_DONE();
}
