/* Checking the signatures and time stamps of a PDF. Only the newest can cover the whole file; of an older
 * one it is asked what came after it (pdf_changes.c). Newest first, for a time stamp proves that what it
 * covers was there. pdf_form.c finds them, verify_cms.c judges the CMS, verify_stamp.c the tokens. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "sign/der.h"
#include "sign/pdf_changes.h"
#include "sign/pdf_dss.h"
#include "sign/pdf_form.h"
#include "sign/trust.h"

enum { MAX_SIGNATURES = 50, HALF_DIGITS = 1 };

struct reading {
    struct pdf_file file;
    const struct sign_trust *trust;
    struct arena *arena;
    bool is_mapped;
    struct sign_proof proof; /* by the time stamps that were judged so far: all are newer */
};

enum sub_filter { SUB_PADES, SUB_ACROBAT, SUB_STAMP };

struct entry { /* a signature as found, then as judged */
    struct sign_verdict v;
    struct pdf_signature s;
    enum sub_filter kind;
    struct str cms;
    size_t covered; /* bytes from the beginning to the end of what is signed; 0 = unknown */
    bool is_broken; /* v says why */
};

static void
refuse(struct entry *e, struct str why)
{
    assert(why.len);
    e->v.valid = e->v.trusted = false;
    e->v.reason = why;
    e->is_broken = true;
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

/* The CMS at the front; what is behind its own length is room that was not needed. Other tools write
 * approvals in BER with lengths that are not told (X.690 §8.1.3.6): these are written anew as DER. */
static const char *
cut_cms(struct str bytes, enum sub_filter kind, struct arena *a, struct str *ret)
{
    struct der cms;
    if (kind == SUB_ACROBAT && bytes.len > 2 && bytes.s[1] == (char)0x80) {
        if (!cms_to_der(&bytes, a, ret))
            return "/Contents is no CMS";
        cms.whole = *ret;
    } else if (!der_want(&bytes, 0x30, &cms)) {
        return "/Contents is no CMS in DER, or is shorter than it";
    }
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.s[i])
            return "/Contents holds bytes behind its CMS";
    *ret = cms.whole;
    return NULL;
}

/* ---- times ---- */

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

/* Behind the last %%EOF nothing may stand but the end of its line: other readers look for the end in
 * other ways. */
static bool
ends_with_eof(struct str pdf)
{
    while (pdf.len && (pdf.s[pdf.len - 1] == '\n' || pdf.s[pdf.len - 1] == '\r'))
        pdf.len--;
    return str_ends(pdf, "%%EOF");
}

/* What was added behind the signed bytes may show other pages: then nothing is said of the file as
 * it is. Signatures, time stamps and validation data show nothing. */
static void
judge_coverage(struct reading *reading, struct entry *e)
{
    struct pdf_file was;
    struct arena *a = reading->arena;
    struct diag d = diag_init(a);
    struct str pdf = reading->file.bytes;
    assert(e->covered <= pdf.len);
    e->v.added = pdf.len - e->covered;
    if (!e->v.valid || !e->v.added)
        return;
    if (reading->file.startxref < e->covered) {
        refuse(e, arena_fmt(a, "changed after signing: %zu bytes follow what the signature covers",
                            e->v.added));
        return;
    }
    const char *why = ends_with_eof(pdf) ? NULL : "bytes follow the end of the file";
    if (!why)
        why = pdf_open(str_n(pdf.s, e->covered), a, &was, &d) == 0
                  ? pdf_changes(&was, &reading->file)
                  : arena_strdup(a, d.first.text.s);
    if (why)
        refuse(e,
               arena_fmt(a,
                         "changed after signing: the signature holds for the file as it was, then "
                         "an incremental update added %zu bytes: %s",
                         e->v.added, why));
}

/* ---- one signature ---- */

/* Where it is and what it is; why not stays in e. */
static void
read_entry(struct reading *reading, const struct pdf_field *field, struct entry *e)
{
    struct str bytes;
    const char *why = pdf_form_signature(&reading->file, field, &e->s);
    if (!why) {
        e->kind = pdf_is_name(e->s.sub_filter, "ETSI.RFC3161")          ? SUB_STAMP
                  : pdf_is_name(e->s.sub_filter, "adbe.pkcs7.detached") ? SUB_ACROBAT
                                                                        : SUB_PADES;
        if (e->kind == SUB_PADES && !pdf_is_name(e->s.sub_filter, "ETSI.CAdES.detached"))
            why = "its /SubFilter is neither ETSI.CAdES.detached, ETSI.RFC3161 nor "
                  "adbe.pkcs7.detached";
    }
    if (!why)
        why = decode_hex(e->s.hex, reading->arena, &bytes);
    if (!why)
        why = cut_cms(bytes, e->kind, reading->arena, &e->cms);
    if (why) {
        refuse(e, arena_fmt(reading->arena, "field \"%.*s\": %s", STR_ARG(field->name), why));
        return;
    }
    e->covered = (size_t)(e->s.range[2] + e->s.range[3]);
}

/* A document time stamp: the token is over the file as it was. */
static void
judge_stamp(struct reading *reading, const struct sign_pieces *pieces, struct entry *e)
{
    struct stamp stamp;
    const char *why = stamp_check(e->cms, pieces, reading->trust, reading->arena, &stamp);
    e->v.is_stamp = true;
    if (why) {
        refuse(e, arena_fmt(reading->arena, "document time stamp: %s", why));
        return;
    }
    e->v.valid = true;
    e->v.signer.subject = stamp.by;
    e->v.claimed_at = stamp.at;
    e->v.trusted = reading->trust && !stamp.because;
    e->v.reason = str_c(reading->trust ? stamp.because : SIGN_NO_TRUST);
    if (!e->v.trusted)
        return;
    e->v.proof = (struct sign_proof){.at = stamp.at, .by = stamp.by};
    if (reading->proof.at == CLOCK_NONE || stamp.at < reading->proof.at)
        reading->proof = e->v.proof;
}

/* One message for the first rule that is broken; what is valid over a part of the file is no valid
 * file. */
static void
judge_entry(struct reading *reading, struct entry *e)
{
    struct str file = reading->file.bytes;
    struct sign_pieces pieces = {.v = {str_n(file.s, (size_t)e->s.range[1]),
                                       str_n(file.s + e->s.range[2], (size_t)e->s.range[3])},
                                 .is_mapped = reading->is_mapped};
    assert(pieces.v[1].s + pieces.v[1].len <= file.s + file.len);
    if (e->kind == SUB_STAMP) {
        judge_stamp(reading, &pieces, e);
    } else {
        verify_cms_pieces(e->cms, &pieces, e->kind == SUB_PADES ? CMS_PADES : CMS_ACROBAT,
                          reading->trust, &reading->proof, reading->arena, &e->v);
        e->v.claimed_at = claimed_time(e->s.time, reading->arena);
    }
    judge_coverage(reading, e);
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
    const struct entry *x = a, *y = b;
    return (x->covered > y->covered) - (x->covered < y->covered);
}

static const struct sign_verdict nothing = {.reason = STR_INIT(""),
                                            .signer = {.subject = STR_INIT(""),
                                                       .issuer = STR_INIT(""),
                                                       .serial_hex = STR_INIT(""),
                                                       .sha256_hex = STR_INIT("")},
                                            .claimed_at = CLOCK_NONE,
                                            .proof = {.at = CLOCK_NONE, .by = STR_INIT("")}};

static int
judge_all(struct reading *reading, struct sign_verdict **ret, size_t *ret_n, struct diag *d)
{
    struct pdf_fields fields;
    VEC(struct entry) list = {0};
    if (pdf_form_fields(&reading->file, &fields, d) != 0)
        return -1;
    for (size_t i = 0; i < fields.list.n; i++) {
        if (!fields.list.v[i].v.len)
            continue;
        if (list.n == MAX_SIGNATURES)
            return diag_fail(d, DIAG_TOO_BIG, "PDF: more than %d signatures", MAX_SIGNATURES);
        struct entry *e = VEC_PUSH(reading->arena, &list);
        e->v = nothing;
        read_entry(reading, &fields.list.v[i], e);
    }
    if (!list.n && has_lost_signature(reading->file.bytes)) {
        struct entry *e = VEC_PUSH(reading->arena, &list);
        e->v = nothing;
        refuse(e, STR("it holds a signature that no form field leads to"));
    }
    if (list.n)
        qsort(list.v, list.n, sizeof *list.v, by_age);
    for (size_t i = list.n; i-- > 0;)
        if (!list.v[i].is_broken)
            judge_entry(reading, &list.v[i]);
    *ret = ARENA_ARRAY(reading->arena, struct sign_verdict, list.n + 1);
    *ret_n = list.n;
    for (size_t i = 0; i < list.n; i++)
        (*ret)[i] = list.v[i].v;
    return 0;
}

static int
verify(struct str pdf, bool is_mapped, const struct sign_trust *trust, struct arena *a,
       struct sign_verdict **ret, size_t *ret_n, struct diag *d)
{
    struct reading reading = {.arena = a,
                              .trust = trust,
                              .is_mapped = is_mapped,
                              .proof = {.at = CLOCK_NONE, .by = STR("")}};
    struct sign_trust *own = NULL;
    if (pdf_open(pdf, a, &reading.file, d) != 0)
        return -1;
    if (trust) {
        if (!(own = trust_for_file(trust, d)))
            return -1;
        reading.trust = own;
        pdf_dss_read(&reading.file, trust_revoked(own));
    }
    int rc = judge_all(&reading, ret, ret_n, d);
    sign_trust_free(own);
    return rc;
}

int
sign_verify_pdf(struct str pdf, const struct sign_trust *trust, struct arena *a,
                struct sign_verdict **ret, size_t *ret_n, struct diag *d)
{
    return verify(pdf, false, trust, a, ret, ret_n, d);
}

int
sign_verify_mapped_pdf(struct str pdf, const struct sign_trust *trust, struct arena *a,
                       struct sign_verdict **ret, size_t *ret_n, struct diag *d)
{
    return verify(pdf, true, trust, a, ret, ret_n, d);
}
