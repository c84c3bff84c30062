/* Checking the signatures of a PDF, oldest first. Only the newest can cover the whole file; an
 * older one that holds says so together with what came after it. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "sign/inner.h"
#include "sign/pdf.h"

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The DER in the hex string; what is behind its own length is padding and must be zeros. */
static const char *
decode_contents(struct str hex, struct arena *a, struct str *ret)
{
    unsigned char *der = arena_alloc(a, hex.len / 2 + 1);
    size_t n = 0, len;
    for (size_t i = 0; i + 1 < hex.len; i += 2) {
        int hi = hex_digit(hex.s[i]), lo = hex_digit(hex.s[i + 1]);
        if (hi < 0 || lo < 0)
            return "/Contents holds other bytes than hex digits";
        der[n++] = (unsigned char)(hi << 4 | lo);
    }
    if (n < 4 || der[0] != 0x30 || der[1] != 0x82)
        return "/Contents is no CMS";
    len = 4 + ((size_t)der[2] << 8 | der[3]);
    if (len > n)
        return "/Contents is shorter than its CMS";
    for (size_t i = len; i < n; i++)
        if (der[i])
            return "/Contents holds bytes behind its CMS";
    *ret = str_n((const char *)der, len);
    return NULL;
}

static void
judge_coverage(struct str pdf, const struct pdf_signature *s, struct sign_verdict *v,
               struct arena *a)
{
    size_t covered = (size_t)(s->range[2] + s->range[3]);
    if (!v->valid || covered == pdf.len)
        return;
    v->valid = false;
    v->reason = arena_fmt(a, "%zu bytes were added after this signature", pdf.len - covered);
}

/* D:YYYYMMDDhhmmssZ */
static int64_t
claimed_time(struct str m, struct arena *a)
{
    struct clock_time t;
    if (m.len < 17 || !str_starts(m, "(D:"))
        return CLOCK_NONE;
    const char *s = m.s + 3;
    struct str iso = arena_fmt(a, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", s, s + 4, s + 6, s + 8, s + 10, s + 12);
    return clock_parse(iso, 0, &t) ? t.t : CLOCK_NONE;
}

static struct sign_verdict
refuse(struct str why)
{
    struct sign_verdict v = {.valid = false, .reason = why, .claimed_at = CLOCK_NONE};
    v.signer.subject = v.signer.issuer = v.signer.serial_hex = v.signer.sha256_hex = STR("");
    return v;
}

static struct sign_verdict
verify_one(struct str pdf, const struct pdf_signature *s, const char *trust, struct arena *a)
{
    struct str cms;
    struct sign_verdict v;
    struct diag d = diag_init(a);
    if (!str_eqc(s->sub_filter, "ETSI.CAdES.detached") && !str_eqc(s->sub_filter, "adbe.pkcs7.detached"))
        return refuse(arena_fmt(a, "/SubFilter %.*s is not checked here", STR_ARG(s->sub_filter)));
    const char *broken = decode_contents(s->contents_hex, a, &cms);
    if (broken)
        return refuse(str_c(broken));
    AUTO_BUF covered = buf_init(pdf.len);
    buf_add(&covered, pdf.s, (size_t)s->range[1]);
    buf_add(&covered, pdf.s + s->range[2], (size_t)s->range[3]);
    if (sign_verify_cms(cms, buf_view(&covered), trust, a, &v, &d) != 0)
        return refuse(arena_str(a, d.first.text));
    v.claimed_at = claimed_time(s->time, a);
    judge_coverage(pdf, s, &v, a);
    return v;
}

int
sign_verify_pdf(struct str pdf, const char *trust_path, struct arena *a,
                struct sign_verdict **ret, size_t *ret_n, struct diag *d)
{
    enum { MAX = 50 };
    VEC(struct sign_verdict) list = {0};
    struct pdf_signature s;
    struct pdf_tail tail;
    size_t at = 0;
    int rc = 1;
    if (pdf_tail_read(pdf, &tail, d) != 0)
        return -1;
    while (list.n < MAX && (rc = pdf_next_signature(pdf, &at, &s, d)) == 1)
        *VEC_PUSH(a, &list) = verify_one(pdf, &s, trust_path, a);
    if (rc < 0)
        return -1;
    *ret = list.v;
    *ret_n = list.n;
    return 0;
}
