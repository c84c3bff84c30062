/* Checking the signatures of a PDF, oldest first. Only the newest can cover the whole file; an
 * older one that holds says so together with what came after it. pdf_form.c finds them,
 * verify_cms.c judges the CMS. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "sign/der.h"
#include "sign/inner.h"
#include "sign/pdf_form.h"

enum { MAX_SIGNATURES = 50, HALF_DIGITS = 1 };

struct reading {
    struct pdf_file file;
    X509_STORE *store;
    struct arena *arena;
};

struct judged {
    struct sign_verdict v;
    size_t covered; /* bytes from the beginning to the end of what is signed; 0 = unknown */
};

static struct judged
refuse(struct str why)
{
    struct judged j = {.v = {.reason = why, .claimed_at = CLOCK_NONE}};
    j.v.signer.subject = j.v.signer.issuer = j.v.signer.serial_hex = j.v.signer.sha256_hex =
        STR("");
    assert(why.len);
    return j;
}

/* ---- /Contents ---- */

/* Upper or lower case, but not both: a changed case would be a change that nothing else shows. */
static int
hex_digit(char c, char *letter_case)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char low = c >= 'A' && c <= 'F' ? 'A' : 'a';
    if (c < low || c > low + 5 || (*letter_case && *letter_case != low))
        return -1;
    *letter_case = low;
    return c - low + 10;
}

/* Strict, because what stands here is what no signature covers: blanks or another case would be a
 * change that nobody notices. */
static const char *
decode_hex(struct str hex, struct arena *a, struct str *ret)
{
    char letter_case = 0;
    char *out = arena_alloc(a, hex.len / 2 + 1);
    if (hex.len % 2)
        return "/Contents has an odd number of hex digits";
    for (size_t i = 0; i < hex.len; i += 2) {
        int high = hex_digit(hex.s[i], &letter_case);
        int low = hex_digit(hex.s[i + HALF_DIGITS], &letter_case);
        if (high < 0 || low < 0)
            return "/Contents holds something else than hex digits of one case";
        out[i / 2] = (char)(high << 4 | low);
    }
    *ret = str_n(out, hex.len / 2);
    return NULL;
}

/* The CMS at the front; what is behind its own length is room that was not needed. */
static const char *
cut_cms(struct str bytes, struct str *ret)
{
    struct der cms;
    if (!der_want(&bytes, 0x30, &cms))
        return "/Contents is no CMS in DER, or is shorter than it";
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.s[i])
            return "/Contents holds bytes behind its CMS";
    *ret = cms.whole;
    return NULL;
}

/* ---- one signature ---- */

/* D:YYYYMMDDhhmmss and Z or +hh'mm' (§7.9.4) */
static int64_t
claimed_time(struct str m, struct arena *a)
{
    struct clock_time t;
    struct str s = pdf_text(m, a);
    if (s.len < 17 || !str_starts(s, "D:"))
        return CLOCK_NONE;
    const char *p = s.s + 2, *zone = s.s + 16;
    bool has_offset = *zone != 'Z' && s.len >= 22;
    struct str iso = arena_fmt(a, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s%.3s%s%.2s", p, p + 4, p + 6, p + 8,
                               p + 10, p + 12, has_offset ? zone : "Z", has_offset ? ":" : "",
                               has_offset ? zone + 4 : "");
    return clock_parse(iso, 0, &t) ? t.t : CLOCK_NONE;
}

/* What was added behind the signed bytes may show other pages: then nothing is said of the file as
 * it is. */
static void
judge_coverage(const struct reading *reading, struct judged *j)
{
    size_t len = reading->file.bytes.len;
    assert(j->covered <= len);
    if (!j->v.valid || j->covered == len)
        return;
    size_t more = len - j->covered;
    j->v.valid = j->v.trusted = false;
    if (reading->file.startxref >= j->covered)
        j->v.reason =
            arena_fmt(reading->arena,
                      "changed after signing: the signature holds for the file as it was, "
                      "then an incremental update added %zu bytes",
                      more);
    else
        j->v.reason =
            arena_fmt(reading->arena,
                      "changed after signing: %zu bytes follow what the signature covers", more);
}

/* One message for the first rule that is broken; what is valid over a part of the file is no valid
 * file. */
static struct judged
judge_field(struct reading *reading, const struct pdf_field *field)
{
    struct pdf_signature s;
    struct str bytes, cms, file = reading->file.bytes;
    enum cms_kind kind = CMS_PADES;
    const char *why = pdf_form_signature(&reading->file, field, &s);
    if (!why && !pdf_is_name(s.sub_filter, "ETSI.CAdES.detached")) {
        kind = CMS_ACROBAT;
        if (!pdf_is_name(s.sub_filter, "adbe.pkcs7.detached"))
            why = "its /SubFilter is neither ETSI.CAdES.detached nor adbe.pkcs7.detached";
    }
    if (!why)
        why = decode_hex(s.hex, reading->arena, &bytes);
    if (!why)
        why = cut_cms(bytes, &cms);
    if (why)
        return refuse(arena_fmt(reading->arena, "field \"%.*s\": %s", STR_ARG(field->name), why));
    const struct str pieces[2] = {str_n(file.s, (size_t)s.range[1]),
                                  str_n(file.s + s.range[2], (size_t)s.range[3])};
    assert(pieces[1].s + pieces[1].len <= file.s + file.len);
    struct judged j = {.covered = (size_t)(s.range[2] + s.range[3])};
    verify_cms_pieces(cms, pieces, kind, reading->store, reading->arena, &j.v);
    j.v.claimed_at = claimed_time(s.time, reading->arena);
    judge_coverage(reading, &j);
    return j;
}

/* ---- all of them ---- */

/* A file whose form shows no signature must not hold traces of one: then it was cut out. */
static bool
has_lost_signature(struct str pdf)
{
    static const char *const traces[] = {"/ByteRange", "/ETSI.CAdES.detached",
                                         "/adbe.pkcs7.detached"};
    for (size_t i = 0; i < sizeof traces / sizeof *traces; i++)
        if (memmem(pdf.s, pdf.len, traces[i], strlen(traces[i])))
            return true;
    return false;
}

/* The signature that covers least is the oldest. */
static int
by_age(const void *a, const void *b)
{
    const struct judged *x = a, *y = b;
    return (x->covered > y->covered) - (x->covered < y->covered);
}

static int
judge_all(struct reading *reading, struct sign_verdict **ret, size_t *ret_n, struct diag *d)
{
    struct pdf_fields fields;
    VEC(struct judged) list = {0};
    if (pdf_form_fields(&reading->file, &fields, d) != 0)
        return -1;
    for (size_t i = 0; i < fields.list.n; i++) {
        if (!fields.list.v[i].v.len)
            continue;
        if (list.n == MAX_SIGNATURES)
            return diag_fail(d, DIAG_TOO_BIG, "PDF: more than %d signatures", MAX_SIGNATURES);
        *VEC_PUSH(reading->arena, &list) = judge_field(reading, &fields.list.v[i]);
    }
    if (!list.n && has_lost_signature(reading->file.bytes))
        *VEC_PUSH(reading->arena, &list) =
            refuse(STR("it holds a signature that no form field leads to"));
    if (list.n)
        qsort(list.v, list.n, sizeof *list.v, by_age);
    *ret = ARENA_ARRAY(reading->arena, struct sign_verdict, list.n + 1);
    *ret_n = list.n;
    for (size_t i = 0; i < list.n; i++)
        (*ret)[i] = list.v[i].v;
    return 0;
}

int
sign_verify_pdf(struct str pdf, const char *trust_path, struct arena *a, struct sign_verdict **ret,
                size_t *ret_n, struct diag *d)
{
    struct reading reading = {.arena = a};
    AUTO(X509_STORE_free_auto) X509_STORE *store = NULL;
    if (pdf_open(pdf, a, &reading.file, d) != 0 || verify_cms_store(trust_path, &store, d) != 0)
        return -1;
    reading.store = store;
    return judge_all(&reading, ret, ret_n, d);
}
