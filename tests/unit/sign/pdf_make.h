/* PDFs for the tests of sign, made here byte by byte: with a cross-reference table, or with a
 * cross-reference stream and the field plain or in an object stream. */
#ifndef TESTS_PDF_MAKE_H
#define TESTS_PDF_MAKE_H

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include <zlib.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/file.h"
#include "check.h"
#include "sign/sign.h"

enum pdf_make_kind { MAKE_TABLE, MAKE_STREAM, MAKE_PACKED, MAKE__COUNT };

enum { MAKE_OBJECTS = 6 /* catalogue, pages, page, content, form, field */ };

static const char *const make_bodies[MAKE_OBJECTS] = {
    "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Annots[6 0 R]/Resources<<>>>>",
    NULL, /* the stream */
    "<</Fields[6 0 R]/SigFlags 3>>",
    "<</Type/Annot/Subtype/Widget/FT/Sig/T(seal)/TU(Seal \\(of\\) the tool)/F 132/P 3 0 R/Rect[0 0 "
    "0 0]>>",
};

static inline void
make_content(struct buf *b)
{
    static const char ops[] = "0 0 1 rg 10 10 50 50 re f\n";
    buf_fmt(b, "<</Length %zu>>stream\n%sendstream", sizeof ops - 1, ops);
}

static inline void
make_deflated(struct buf *b, struct str raw)
{
    unsigned char out[8192];
    uLongf n = sizeof out;
    assert(compress(out, &n, (const unsigned char *)raw.s, raw.len) == Z_OK);
    buf_add(b, out, n);
}

/* Rows with the PNG filter "up", as most writers make them. */
static inline void
make_predicted(struct buf *out, struct str rows, size_t width)
{
    for (size_t i = 0; i < rows.len; i++) {
        if (i % width == 0)
            buf_putc(out, 2);
        buf_putc(out, (char)(rows.s[i] - (i >= width ? rows.s[i - width] : 0)));
    }
}

static inline void
make_row(struct buf *rows, int type, size_t a, int b)
{
    const char row[4] = {(char)type, (char)(a >> 8), (char)a, (char)b};
    buf_add(rows, row, sizeof row);
}

static inline void
make_plain(struct buf *b, int number, size_t *at)
{
    *at = b->len;
    buf_fmt(b, "%d 0 obj\n", number);
    if (make_bodies[number - 1])
        buf_puts(b, make_bodies[number - 1]);
    else
        make_content(b);
    buf_puts(b, "\nendobj\n");
}

/* Object 7 holds 1, 2, 3, 5 and 6. */
static inline void
make_pack(struct buf *b, size_t *at)
{
    AUTO_BUF head = buf_init(4096);
    AUTO_BUF body = buf_init(65536);
    AUTO_BUF packed = buf_init(65536);
    for (int i = 1; i <= MAKE_OBJECTS; i++)
        if (make_bodies[i - 1]) {
            buf_fmt(&head, "%d %zu ", i, body.len);
            buf_fmt(&body, "%s ", make_bodies[i - 1]);
        }
    size_t first = head.len;
    buf_str(&head, buf_view(&body));
    make_deflated(&packed, buf_view(&head));
    *at = b->len;
    buf_fmt(b, "7 0 obj\n<</Type/ObjStm/N 5/First %zu/Filter/FlateDecode/Length %zu>>stream\n",
            first, packed.len);
    buf_str(b, buf_view(&packed));
    buf_puts(b, "\nendstream\nendobj\n");
}

static inline void
make_table_end(struct buf *b, const size_t *at)
{
    size_t xref = b->len;
    buf_fmt(b, "xref\n0 %d\n0000000000 65535 f \n", MAKE_OBJECTS + 1);
    for (int i = 1; i <= MAKE_OBJECTS; i++)
        buf_fmt(b, "%010zu 00000 n \n", at[i]);
    buf_fmt(b,
            "trailer\n<</Size %d/Root 1 0 R/ID[<00112233><00112233>]>>\nstartxref\n%zu\n%%%%EOF\n",
            MAKE_OBJECTS + 1, xref);
}

static inline void
make_stream_end(struct buf *b, const size_t *at, bool is_packed)
{
    AUTO_BUF rows = buf_init(4096);
    AUTO_BUF predicted = buf_init(4096);
    AUTO_BUF packed = buf_init(4096);
    int index = 0, number = is_packed ? 8 : 7;
    size_t xref = b->len;
    make_row(&rows, 0, 0, 0);
    for (int i = 1; i < number; i++) {
        bool is_in = is_packed && i <= MAKE_OBJECTS && make_bodies[i - 1];
        make_row(&rows, is_in ? 2 : 1, is_in ? 7 : at[i], is_in ? index++ : 0);
    }
    make_row(&rows, 1, xref, 0);
    make_predicted(&predicted, buf_view(&rows), 4);
    make_deflated(&packed, buf_view(&predicted));
    buf_fmt(b,
            "%d 0 obj\n<</Type/XRef/Size %d/W[1 2 1]/Root 1 0 R/Filter/FlateDecode"
            "/DecodeParms<</Predictor 12/Columns 4>>/Length %zu>>stream\n",
            number, number + 1, packed.len);
    buf_str(b, buf_view(&packed));
    buf_fmt(b, "\nendstream\nendobj\nstartxref\n%zu\n%%%%EOF\n", xref);
}

static inline struct str
make_pdf(struct arena *a, enum pdf_make_kind kind)
{
    size_t at[MAKE_OBJECTS + 2] = {0};
    AUTO_BUF b = buf_init(1 << 20);
    buf_puts(&b, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
    for (int i = 1; i <= MAKE_OBJECTS; i++)
        if (kind != MAKE_PACKED || !make_bodies[i - 1])
            make_plain(&b, i, &at[i]);
    if (kind == MAKE_PACKED)
        make_pack(&b, &at[7]);
    if (kind == MAKE_TABLE)
        make_table_end(&b, at);
    else
        make_stream_end(&b, at, kind == MAKE_PACKED);
    return arena_str(a, buf_view(&b));
}

/* ---- keys ---- */

struct make_key {
    char dir[64];
    const char *cert, *key;
    struct sign_signer *signer;
};

static inline void
make_dir(char dir[64])
{
    const char *tmp = getenv("TMPDIR");
    snprintf(dir, 64, "%.40s/assay-sign-XXXXXX", tmp && strlen(tmp) <= 40 ? tmp : "/tmp");
    if (!mkdtemp(dir))
        abort();
}

static inline struct make_key
make_key(struct arena *a, struct diag *d)
{
    struct make_key k = {.signer = NULL};
    make_dir(k.dir);
    k.cert = file_join(a, k.dir, "cert.pem").s;
    k.key = file_join(a, k.dir, "key.pem").s;
    if (sign_make_key(k.key, k.cert, STR("Seal of the tests"), 30, d) != 0 ||
        sign_load_pem(k.cert, k.key, NULL, &k.signer, d) != 0) {
        fprintf(stderr, "no key: %s\n", diag_text(d).s);
        abort();
    }
    return k;
}

static struct sign_trust *make_trusts[256];
static size_t make_n_trusts;

static inline void
make_trusts_done(void)
{
    while (make_n_trusts)
        sign_trust_free(make_trusts[--make_n_trusts]);
}

/* The trust in the certificates of a file; NULL for NULL. It lives as long as the test. */
static inline const struct sign_trust *
make_trust(const char *path, struct arena *a)
{
    struct sign_trust *t = NULL;
    struct diag d = diag_init(a);
    if (!path)
        return NULL;
    if (sign_trust_load(path, NULL, env_wall_us() / 1000000, &t, &d) != 0)
        fprintf(stderr, "no trust: %s\n", diag_text(&d).s);
    if (make_n_trusts == sizeof make_trusts / sizeof *make_trusts)
        make_trusts_done();
    if (make_n_trusts == 0)
        atexit(make_trusts_done);
    make_trusts[make_n_trusts++] = t;
    return t;
}

/* Runs a command with %s = the folder; the status, -1 = killed. */
__attribute__((format(printf, 2, 3))) static inline int
make_run(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct str line = arena_vfmt(a, fmt, ap);
    va_end(ap);
    fflush(NULL);
    int status = system(line.s);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline void
make_key_done(struct arena *a, struct make_key *k)
{
    sign_signer_free(k->signer);
    make_run(a, "rm -rf '%s'", k->dir);
}

static inline bool
make_has(struct str text, const char *part)
{
    if (str_find(text, part) >= 0)
        return true;
    fprintf(stderr, "\"%.*s\" lacks \"%s\"\n", STR_ARG(text), part);
    return false;
}

#endif
