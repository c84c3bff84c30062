/* Files of a report on their way: from the folder, against the manifest. Before mailing.c and the sinks. */
#include "job/parcel.h"

#include "base/file.h"
#include "sign/manifest.h"

enum { MAX_MANIFEST = 16 << 20, MAX_FILE = 1 << 30 };

static const char manifest_name[] = "manifest.json";

bool
parcel_is_here(const struct store_outgoing *o, struct arena *a)
{
    return file_exists(file_join(a, o->dir.s, manifest_name).s);
}

static int
add_file(const struct store_outgoing *o, const char *name, struct str media_type, size_t cap,
         struct arena *a, struct parcel *ret, struct diag *d)
{
    struct str bytes;
    if (file_slurp(file_join(a, o->dir.s, name).s, cap, a, &bytes, d) != 0)
        return -1;
    *VEC_PUSH(a, &ret->files) = (struct parcel_file){str_c(name), media_type, bytes};
    return 0;
}

/* What the manifest says of it holds. */
static int
check_last(const struct parcel *p, const char *want_hex, struct str dir, struct arena *a,
           struct diag *d)
{
    const struct parcel_file *f = &p->files.v[p->files.n - 1];
    struct sha256_digest h = sha256_of(f->bytes);
    if (str_eqc(sha256_hex(a, &h), want_hex))
        return 0;
    diag_fail(d, DIAG_VERIFY, "%.*s is not what was recorded: it is sent to nobody", STR_ARG(f->name));
    return diag_at(d, "%.*s", STR_ARG(dir));
}

int
parcel_load(const struct store_outgoing *o, struct arena *a, struct parcel *ret, struct diag *d)
{
    static const struct {
        const char *name, *media_type;
    } beside[] = {{"manifest.json.p7s", "application/pkcs7-signature"},
                  {MANIFEST_CHECKPOINT, "text/plain; charset=utf-8"}};
    struct manifest m;
    struct parcel p = {0};
    if (add_file(o, manifest_name, STR("application/json"), MAX_MANIFEST, a, &p, d) != 0 ||
        check_last(&p, o->manifest_hex.s, o->dir, a, d) != 0 ||
        manifest_parse(p.files.v[0].bytes, a, &m, d) != 0)
        return -1;
    struct parcel_file manifest = p.files.v[0];
    p.files.n = 0;
    for (size_t i = 0; i < m.outputs.n; i++) {
        const struct manifest_output *f = &m.outputs.v[i];
        if (add_file(o, arena_str(a, f->name).s, f->media_type, MAX_FILE, a, &p, d) != 0 ||
            check_last(&p, sha256_hex(a, &f->sha256).s, o->dir, a, d) != 0)
            return -1;
    }
    *VEC_PUSH(a, &p.files) = manifest;
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        if (file_exists(file_join(a, o->dir.s, beside[i].name).s) &&
            add_file(o, beside[i].name, str_c(beside[i].media_type), MAX_MANIFEST, a, &p, d) != 0)
            return -1;
    *ret = p;
    return 0;
}
