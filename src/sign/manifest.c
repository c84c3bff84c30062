/* The list of what a run wrote; job/report.c makes it, cms.c signs it, job/verify.c checks it. */
#include "sign/manifest.h"

#include <assert.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>
#include <openssl/crypto.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json_put.h"

AUTO_DEFINE(json_t *, json_decref)
AUTO_DEFINE(DIR *, closedir)

#define SCHEMA "assay-manifest-1"

enum { MAX_MANIFEST = 16 << 20 };

void
manifest_add_libraries(struct manifest *m, struct arena *a)
{
    assert(m && a);
    *VEC_PUSH(a, &m->libraries) = (struct manifest_library){
        .name = STR("openssl"), .version = str_c(OpenSSL_version(OPENSSL_VERSION_STRING))};
    *VEC_PUSH(a, &m->libraries) =
        (struct manifest_library){.name = STR("jansson"), .version = str_c(jansson_version_str())};
}

/* ---- writing ---- */

static void
put_output(struct json_put *j, const struct manifest_output *o, struct arena *a)
{
    json_put_open(j, '{');
    json_put_member(j, "media_type", o->media_type);
    json_put_member(j, "name", o->name);
    json_put_member(j, "sha256", sha256_hex(a, &o->sha256));
    json_put_member_int(j, "size", o->size);
    json_put_close(j, '}');
}

static int
by_name(const void *a, const void *b)
{
    const struct manifest_library *x = a, *y = b;
    return str_cmp(x->name, y->name);
}

/* In order of their names, as canonical JSON wants keys. */
static void
put_libraries(struct json_put *j, const struct manifest *m, struct arena *a)
{
    size_t n = m->libraries.n;
    assert(n == 0 || m->libraries.v);
    struct manifest_library *list = ARENA_ARRAY(a, struct manifest_library, n + 1);
    if (n) {
        memcpy(list, m->libraries.v, n * sizeof *list);
        qsort(list, n, sizeof *list, by_name);
    }
    json_put_open(j, '{');
    for (size_t i = 0; i < n; i++) {
        json_put_key_str(j, list[i].name);
        json_put_str(j, list[i].version);
    }
    json_put_close(j, '}');
}

static void
put_reports(struct json_put *j, const struct manifest *m)
{
    json_put_key(j, "reports");
    json_put_open(j, '[');
    for (size_t i = 0; i < m->reports.n; i++) {
        const struct manifest_report *r = &m->reports.v[i];
        json_put_open(j, '{');
        json_put_member(j, "definition", r->definition);
        json_put_member(j, "id", r->id);
        json_put_member(j, "language", r->language);
        json_put_member(j, "period", r->period);
        json_put_member(j, "scope", r->scope);
        json_put_member(j, "version", r->version);
        json_put_close(j, '}');
    }
    json_put_close(j, ']');
}

void
manifest_write(const struct manifest *m, struct arena *a, struct str *ret)
{
    AUTO_BUF out = buf_init(MAX_MANIFEST);
    assert(m->outputs.n <= MANIFEST_MAX_OUTPUTS);
    struct json_put j = json_put_init(&out);
    json_put_open(&j, '{');
    json_put_key(&j, "audit");
    json_put_open(&j, '{');
    if (m->audit_checkpoint.len)
        json_put_member(&j, "checkpoint", m->audit_checkpoint);
    json_put_member(&j, "hash", m->audit_hash_hex);
    json_put_member_int(&j, "seq", m->audit_seq);
    json_put_close(&j, '}');
    json_put_member(&j, "created", clock_iso(a, m->created));
    json_put_member(&j, "dataset", m->dataset_hex);
    json_put_key(&j, "libraries");
    put_libraries(&j, m, a);
    json_put_key(&j, "outputs");
    json_put_open(&j, '[');
    for (size_t i = 0; i < m->outputs.n; i++)
        put_output(&j, &m->outputs.v[i], a);
    json_put_close(&j, ']');
    json_put_member(&j, "report", m->report_id);
    if (m->reports.n)
        put_reports(&j, m);
    json_put_member_c(&j, "schema", SCHEMA);
    json_put_member(&j, "tool", m->tool);
    json_put_close(&j, '}');
    buf_putc(&out, '\n');
    assert(!buf_bad(&out));
    *ret = arena_str(a, buf_view(&out));
}

/* ---- reading ---- */

void
manifest_warm(void)
{
    json_object_seed(0); /* from the system's random source, which is a file */
}

static struct str
text_of(const json_t *o, const char *key, struct arena *a)
{
    const json_t *v = json_object_get(o, key);
    return json_is_string(v) ? arena_str(a, str_n(json_string_value(v), json_string_length(v)))
                             : STR("");
}

/* A name with a slash would reach outside of the folder. */
bool
manifest_is_plain_name(struct str s)
{
    return s.len && !memchr(s.s, '/', s.len) && !memchr(s.s, 0, s.len) && !str_eqc(s, ".") &&
           !str_eqc(s, "..");
}

/* Each name once: of two hashes for one file a reader could compare with either. */
static int
parse_output(const json_t *o, struct arena *a, struct manifest *m, struct diag *d)
{
    struct manifest_output out = {.name = text_of(o, "name", a),
                                  .media_type = text_of(o, "media_type", a)};
    const json_t *size = json_object_get(o, "size");
    if (!manifest_is_plain_name(out.name))
        return diag_fail(d, DIAG_BAD_DATA, "manifest: an output without a plain file name");
    for (size_t i = 0; i < m->outputs.n; i++)
        if (str_eq(m->outputs.v[i].name, out.name))
            return diag_fail(d, DIAG_BAD_DATA, "manifest: %.*s is named twice", STR_ARG(out.name));
    if (!sha256_from_hex(text_of(o, "sha256", a), &out.sha256) || !json_is_integer(size) ||
        json_integer_value(size) < 0)
        return diag_fail(d, DIAG_BAD_DATA, "manifest: %.*s has no sha256 or size",
                         STR_ARG(out.name));
    out.size = json_integer_value(size);
    *VEC_PUSH(a, &m->outputs) = out;
    return 0;
}

static int
parse_members(json_t *root, struct arena *a, struct manifest *m, struct diag *d)
{
    size_t i;
    json_t *o;
    const char *name;
    struct clock_time created;
    const json_t *list = json_object_get(root, "outputs");
    if (!clock_parse(text_of(root, "created", a), 0, &created))
        return diag_fail(d, DIAG_BAD_DATA, "manifest: \"created\" is no time");
    m->created = created.t;
    json_object_foreach(json_object_get(root, "libraries"), name, o)
    {
        struct str version = str_c(arena_strdup(a, json_string_value(o)));
        *VEC_PUSH(a, &m->libraries) =
            (struct manifest_library){.name = str_c(arena_strdup(a, name)), .version = version};
    }
    json_array_foreach(json_object_get(root, "reports"), i, o) * VEC_PUSH(a, &m->reports) =
        (struct manifest_report){.definition = text_of(o, "definition", a),
                                 .id = text_of(o, "id", a),
                                 .language = text_of(o, "language", a),
                                 .period = text_of(o, "period", a),
                                 .scope = text_of(o, "scope", a),
                                 .version = text_of(o, "version", a)};
    if (!json_is_array(list) || json_array_size(list) > MANIFEST_MAX_OUTPUTS)
        return diag_fail(d, DIAG_BAD_DATA, "manifest: no list of at most %d outputs",
                         MANIFEST_MAX_OUTPUTS);
    json_array_foreach(list, i, o)
    {
        if (parse_output(o, a, m, d) != 0)
            return -1;
    }
    return 0;
}

int
manifest_parse(struct str bytes, struct arena *a, struct manifest *ret, struct diag *d)
{
    json_error_t err;
    struct str again;
    AUTO(json_decref_auto)
    json_t *root = bytes.len > MAX_MANIFEST
                       ? NULL
                       : json_loadb(bytes.s, bytes.len, JSON_REJECT_DUPLICATES, &err);
    if (!root)
        return diag_fail(d, DIAG_BAD_DATA, "manifest: no JSON: %s",
                         bytes.len > MAX_MANIFEST ? "it is too large" : err.text);
    if (!str_eqc(text_of(root, "schema", a), SCHEMA))
        return diag_fail(d, DIAG_BAD_DATA, "manifest: \"schema\" is not \"" SCHEMA "\"");
    const json_t *audit = json_object_get(root, "audit");
    struct manifest m = {.report_id = text_of(root, "report", a),
                         .dataset_hex = text_of(root, "dataset", a),
                         .tool = text_of(root, "tool", a),
                         .audit_hash_hex = text_of(audit, "hash", a),
                         .audit_checkpoint = text_of(audit, "checkpoint", a),
                         .audit_seq = json_integer_value(json_object_get(audit, "seq"))};
    if (parse_members(root, a, &m, d) != 0)
        return -1;
    /* What was read must be all there was: then nothing unknown, missing or of a wrong type is in.
     */
    manifest_write(&m, a, &again);
    if (!str_eq(again, bytes))
        return diag_fail(d, DIAG_BAD_DATA, "manifest: it is not in the canonical form of " SCHEMA);
    *ret = m;
    return 0;
}

/* ---- comparing ---- */

static struct manifest_finding
compare(const struct manifest_output *o, const char *dir, struct arena *a)
{
    int64_t size;
    struct sha256_digest got;
    struct manifest_finding f = {.name = o->name};
    assert(manifest_is_plain_name(o->name)); /* manifest_parse refuses others */
    const char *path = file_join(a, dir, arena_str(a, o->name).s).s;
    if (!file_exists(path))
        f.text = STR("is missing");
    else if (sha256_of_file(path, &size, &got) != 0)
        f.text = STR("cannot be read as a file");
    else if (size != o->size)
        f.text = arena_fmt(a, "has %lld bytes, the manifest says %lld", (long long)size,
                           (long long)o->size);
    else if (memcmp(got.b, o->sha256.b, SHA256_SIZE) != 0)
        f.text = STR("was changed: its SHA-256 is not the manifest's");
    f.ok = !f.text.len;
    if (f.ok)
        f.text = arena_fmt(a, "%lld bytes, SHA-256 as in the manifest", (long long)size);
    return f;
}

static bool
is_named(const struct manifest *m, const char *name)
{
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, "manifest.json") == 0 ||
        strcmp(name, "manifest.json.p7s") == 0 || strcmp(name, MANIFEST_CHECKPOINT) == 0)
        return true;
    for (size_t i = 0; i < m->outputs.n; i++)
        if (str_eqc(m->outputs.v[i].name, name))
            return true;
    return false;
}

int
manifest_check(const struct manifest *m, const char *dir, struct arena *a,
               struct manifest_finding **ret, size_t *ret_n, struct diag *d)
{
    VEC(struct manifest_finding) list = {0};
    AUTO(closedir_auto) DIR *folder = opendir(dir);
    if (!folder) {
        diag_fail(d, DIAG_IO, "cannot list the folder");
        return diag_at(d, "%s", dir);
    }
    for (size_t i = 0; i < m->outputs.n; i++)
        *VEC_PUSH(a, &list) = compare(&m->outputs.v[i], dir, a);
    for (struct dirent *e; (e = readdir(folder));)
        if (!is_named(m, e->d_name))
            *VEC_PUSH(a, &list) =
                (struct manifest_finding){.name = str_c(arena_strdup(a, e->d_name)),
                                          .ok = false,
                                          .text = STR("is not named in the manifest")};
    *ret = list.v;
    *ret_n = list.n;
    return 0;
}
