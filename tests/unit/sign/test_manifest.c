/* The manifest of a run: its bytes, what may not be read, and what differs from the files. */
#include "pdf_make.h"
#include "sign/manifest.h"

static struct arena *a;
static char dir[64];

static void
put(const char *name, const char *text)
{
    struct diag d = diag_init(a);
    CHECK(file_write_atomic(file_join(a, dir, name).s, str_c(text), 0644, &d) == 0);
}

static struct manifest_output
output(const char *name, const char *text)
{
    return (struct manifest_output){.name = str_c(name),
                                    .media_type = STR("text/plain"),
                                    .size = (int64_t)strlen(text),
                                    .sha256 = sha256_of(str_c(text))};
}

static struct manifest
make(void)
{
    struct manifest m = {.report_id = STR("weekly-2026-W47"),
                         .dataset_hex = STR("00ff"),
                         .audit_hash_hex = STR("ff00"),
                         .audit_checkpoint = STR("log\n13\nAA==\n\n\xe2\x80\x94 log AA==\n"),
                         .tool = STR("assay 1.0.0"),
                         .audit_seq = 12,
                         .created = 1795291200};
    *VEC_PUSH(a, &m.reports) = (struct manifest_report){.definition = STR("weekly"),
                                                        .id = STR("weekly-2026-W47"),
                                                        .language = STR("ja"),
                                                        .period = STR("2026-W47"),
                                                        .scope = STR("group \"A\", agent b"),
                                                        .version = STR("2")};
    manifest_add_libraries(&m, a);
    *VEC_PUSH(a, &m.outputs) = output("one.csv", "a,b\n");
    *VEC_PUSH(a, &m.outputs) = output("...two \"\xe2\x80\xae\\.pdf", "%PDF-");
    return m;
}

static void
test_round_trip(void)
{
    struct manifest m = make(), got;
    struct diag d = diag_init(a);
    struct str bytes, again;
    manifest_write(&m, a, &bytes);
    CHECK(manifest_parse(bytes, a, &got, &d) == 0);
    CHECK_STR(got.report_id, "weekly-2026-W47");
    CHECK_STR(got.dataset_hex, "00ff");
    CHECK_STR(got.audit_hash_hex, "ff00");
    CHECK_STR(got.tool, "assay 1.0.0");
    CHECK(got.audit_seq == 12 && got.created == 1795291200);
    CHECK_STR(got.audit_checkpoint, "log\n13\nAA==\n\n\xe2\x80\x94 log AA==\n");
    CHECK(got.reports.n == 1 && str_eqc(got.reports.v[0].scope, "group \"A\", agent b") &&
          str_eqc(got.reports.v[0].version, "2") && str_eqc(got.reports.v[0].language, "ja"));
    CHECK(got.libraries.n == m.libraries.n && got.libraries.n >= 2);
    CHECK(got.outputs.n == 2);
    for (size_t i = 0; i < got.outputs.n; i++) {
        CHECK(str_eq(got.outputs.v[i].name, m.outputs.v[i].name));
        CHECK(str_eq(got.outputs.v[i].media_type, m.outputs.v[i].media_type));
        CHECK(got.outputs.v[i].size == m.outputs.v[i].size);
        CHECK(!memcmp(got.outputs.v[i].sha256.b, m.outputs.v[i].sha256.b, SHA256_SIZE));
    }
    manifest_write(&got, a, &again);
    CHECK(str_eq(bytes, again));
}

#define HEAD "{\"schema\":\"assay-manifest-1\",\"created\":\"2026-11-21T20:00:00Z\",\"outputs\":"
#define HASH "\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\""

/* What may be written can be read, and not one output more. */
static void
test_most_outputs(void)
{
    struct manifest m = make(), got;
    struct diag d = diag_init(a);
    struct str bytes;
    m.outputs.n = 0;
    for (size_t i = 0; i < MANIFEST_MAX_OUTPUTS; i++)
        *VEC_PUSH(a, &m.outputs) = output(arena_fmt(a, "%zu.csv", i).s, "a,b\n");
    manifest_write(&m, a, &bytes);
    CHECK(manifest_parse(bytes, a, &got, &d) == 0 && got.outputs.n == MANIFEST_MAX_OUTPUTS);
    long end = str_find(bytes, "],\"report\"");
    struct str more = arena_fmt(a, "%.*s,{\"name\":\"x\",\"size\":0," HASH "}%s", (int)end, bytes.s,
                                bytes.s + end);
    CHECK(manifest_parse(more, a, &got, &d) == -1);
    CHECK_STR(d.first.text, "manifest: no list of at most 10000 outputs");
}

/* Keys in order at every level, one line. */
static void
test_canonical(void)
{
    struct manifest m = {.report_id = STR("r"), .audit_seq = -1};
    struct str bytes;
    m.dataset_hex = m.audit_hash_hex = m.tool = STR("");
    *VEC_PUSH(a, &m.libraries) = (struct manifest_library){STR("zlib"), STR("1")};
    *VEC_PUSH(a, &m.libraries) = (struct manifest_library){STR("cairo"), STR("2")};
    manifest_write(&m, a, &bytes);
    CHECK_STR(bytes, "{\"audit\":{\"hash\":\"\",\"seq\":-1},\"created\":\"1970-01-01T00:00:00Z\","
                     "\"dataset\":\"\",\"libraries\":{\"cairo\":\"2\",\"zlib\":\"1\"},"
                     "\"outputs\":[],\"report\":\"r\",\"schema\":\"assay-manifest-1\","
                     "\"tool\":\"\"}\n");
}

static void
test_refusals(void)
{
    static const struct {
        const char *text, *part;
    } bad[] = {
        {"", "no JSON"},
        {"{", "no JSON"},
        {"[]", "schema"},
        {"{}", "schema"},
        {"{\"schema\":\"assay-manifest-2\",\"outputs\":[]}", "schema"},
        {HEAD "{}}", "no list"},
        {HEAD "[{}]}", "plain file name"},
        {HEAD "[7]}", "plain file name"},
        {HEAD "[{\"name\":\"x\",\"size\":0}]}", "no sha256 or size"},
        {HEAD "[{\"name\":\"x\"," HASH "}]}", "no sha256 or size"},
        {HEAD "[{\"name\":\"x\",\"size\":\"0\"," HASH "}]}", "no sha256 or size"},
        {HEAD "[{\"name\":\"x\",\"size\":-1," HASH "}]}", "no sha256 or size"},
        {HEAD "[{\"name\":\"x\",\"size\":0,\"sha256\":\"e3b0\"}]}", "no sha256 or size"},
        {HEAD "[{\"name\":\"\",\"size\":0," HASH "}]}", "plain file name"},
        {HEAD "[{\"name\":\".\",\"size\":0," HASH "}]}", "plain file name"},
        {HEAD "[{\"name\":\"..\",\"size\":0," HASH "}]}", "plain file name"},
        {HEAD "[{\"name\":\"a/b\",\"size\":0," HASH "}]}", "plain file name"},
        {HEAD "[{\"name\":\"../x\",\"size\":0," HASH "}]}", "plain file name"},
        {HEAD "[{\"name\":\"/etc/passwd\",\"size\":0," HASH "}]}", "plain file name"},
        {HEAD "[{\"name\":\"a\\u0000b\",\"size\":0," HASH "}]}", "\\u0000"},
        {HEAD "[{\"name\":\"x\",\"name\":\"y\",\"size\":0," HASH "}]}", "duplicate"},
        {HEAD "[{\"name\":\"x\",\"size\":0," HASH "},{\"name\":\"x\",\"size\":0," HASH "}]}",
         "named twice"},
        {"{\"schema\":\"assay-manifest-1\",\"outputs\":[],\"created\":\"now\"}", "created"},
        {HEAD "[]}", "canonical"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct manifest m;
        struct diag d = diag_init(a);
        CHECK(manifest_parse(str_c(bad[i].text), a, &m, &d) == -1);
        CHECK(d.first.code == DIAG_BAD_DATA && make_has(d.first.text, bad[i].part));
    }
}

static const struct manifest_finding *
finding(const struct manifest_finding *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eqc(list[i].name, name))
            return &list[i];
    return NULL;
}

static void
expect(const struct manifest *m, const char *name, bool ok, const char *part)
{
    struct manifest_finding *list;
    size_t n;
    struct diag d = diag_init(a);
    CHECK(manifest_check(m, dir, a, &list, &n, &d) == 0);
    const struct manifest_finding *f = finding(list, n, name);
    CHECK(f && f->ok == ok && make_has(f->text, part));
    for (size_t i = 0; i < n; i++)
        CHECK(list[i].ok || str_eqc(list[i].name, name));
}

static void
test_check(void)
{
    struct manifest m = {.report_id = STR("r")};
    struct diag d = diag_init(a);
    struct manifest_finding *list;
    size_t n;
    *VEC_PUSH(a, &m.outputs) = output("a.csv", "a,b\n");
    *VEC_PUSH(a, &m.outputs) = output("empty", "");
    put("a.csv", "a,b\n");
    put("empty", "");
    put("manifest.json", "{}");
    put("manifest.json.p7s", "x");
    CHECK(manifest_check(&m, dir, a, &list, &n, &d) == 0 && n == 2);
    CHECK(n == 2 && list[0].ok && list[1].ok);
    expect(&m, "a.csv", true, "4 bytes");
    put("a.csv", "a,c\n");
    expect(&m, "a.csv", false, "changed");
    put("a.csv", "a,b");
    expect(&m, "a.csv", false, "3 bytes");
    put("a.csv", "a,b\n\n");
    expect(&m, "a.csv", false, "5 bytes");
    CHECK(unlink(file_join(a, dir, "a.csv").s) == 0);
    expect(&m, "a.csv", false, "missing");
    CHECK(make_run(a, "mkdir '%s/a.csv'", dir) == 0);
    expect(&m, "a.csv", false, "cannot be read");
    CHECK(make_run(a, "rmdir '%s/a.csv'", dir) == 0);
    put("a.csv", "a,b\n");
    put("extra.csv", "x");
    expect(&m, "extra.csv", false, "not named");
    CHECK(manifest_check(&m, "/nonexistent", a, &list, &n, &d) == -1);
    CHECK(d.first.code == DIAG_IO && make_has(d.first.place, "/nonexistent"));
}

int
main(void)
{
    a = arena_new();
    make_dir(dir);
    test_round_trip();
    test_canonical();
    test_most_outputs();
    test_refusals();
    test_check();
    CHECK(make_run(a, "rm -rf '%s'", dir) == 0);
    arena_free(a);
    return CHECK_DONE();
}
