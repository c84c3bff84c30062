/* Exported events read again: every encoder's line gives back the record's number and hash, alone
 * and behind a syslog header, whatever a host put into its texts; nothing else does. */
#include "audit/encode.h"
#include "audit/recall.h"
#include "base/buf.h"
#include "check.h"
#include "hostile.h"

static struct arena *a;
static struct diag d;

static struct audit_record
make_record(struct str s)
{
    struct audit_record r;
    struct str rec;
    struct sha256_digest leaf, prev = sha256_of(STR("before"));
    struct audit_actor who = {
        .origin = s, .user = s, .uid = 7, .host = s, .via = s, .run = s, .app = s};
    struct event_change change = {.field = s, .old_value = s, .new_value = s};
    struct event e = {.name = "report.make",
                      .object_type = s,
                      .object_id = s,
                      .object_name = s,
                      .reason = s,
                      .changes = &change,
                      .n_changes = 1};
    audit_record_build(4711, &prev, 1795543975123456, &who, &e, a, &rec, &leaf);
    CHECK(audit_record_parse(rec, a, &r, &d) == 0);
    return r;
}

static void
check_line(struct str line, const struct audit_record *r)
{
    struct audit_recalled is = {.seq = -1};
    CHECK(audit_recall(line, a, &is, &d) == 0);
    CHECK(is.seq == r->seq && str_eq(sha256_hex(a, &is.leaf), r->leaf_hex));
}

static void
test_encoders(struct str text)
{
    struct audit_record r = make_record(text);
    struct audit_record reduced = audit_record_reduce(&r, a);
    struct audit_encode_options o = {.facility = 13, .sd_id = STR("assay@32473")};
    for (const struct audit_encoder *const *e = audit_encoders; *e; e++) {
        AUTO_BUF out = buf_init((size_t)1 << 22), wrapped = buf_init((size_t)1 << 22);
        (*e)->encode(&r, &o, a, &out);
        check_line(buf_view(&out), &r);
        AUTO_BUF less = buf_init((size_t)1 << 22);
        (*e)->encode(&reduced, &o, a, &less);
        check_line(buf_view(&less), &r);
        if ((*e)->is_json || str_eqc(STR("rfc5424"), (*e)->name))
            continue;
        audit_syslog_header(&r, &o, &wrapped);
        buf_str(&wrapped, buf_view(&out));
        check_line(buf_view(&wrapped), &r);
    }
}

static struct result_event
make_result(enum result_kind kind, const struct audit_record *r, struct str s)
{
    struct result_event v = {.kind = kind, .severity = 8};
    for (enum result_field f = 0; f < RESULT_FIELD__COUNT; f++)
        v.text[f] = result_field_type(f) == RESULT_INTEGER   ? STR("12")
                    : result_field_type(f) == RESULT_DECIMAL ? STR("71.00")
                                                             : s;
    RESULT_TEXT(&v, EVENT) = str_c(result_event_name(kind));
    RESULT_TEXT(&v, SEQ) = arena_fmt(a, "%lld", (long long)r->seq);
    RESULT_TEXT(&v, LEAF) = r->leaf_hex;
    return v;
}

static void
test_results(struct str text)
{
    struct audit_record r = make_record(text);
    struct audit_encode_options o = {.facility = 13, .sd_id = STR("assay@32473")};
    for (const struct audit_encoder *const *e = audit_encoders; *e; e++)
        for (enum result_kind k = RESULT_SCAN; k <= RESULT_FIXED; k++) {
            AUTO_BUF out = buf_init((size_t)1 << 28), wrapped = buf_init((size_t)1 << 28);
            struct result_event v = make_result(k, &r, text);
            (*e)->encode_result(&r, &v, &o, a, &out);
            check_line(buf_view(&out), &r);
            if ((*e)->is_json || str_eqc(STR("rfc5424"), (*e)->name))
                continue;
            audit_syslog_result_header(&r, &v, &o, a, &wrapped);
            buf_str(&wrapped, buf_view(&out));
            check_line(buf_view(&wrapped), &r);
        }
}

/* # is a hash. */
static struct str
with_hashes(const char *s)
{
    AUTO_BUF b = buf_init(4096);
    for (; *s; s++)
        if (*s == '#')
            buf_fmt(&b, "%064d", 0);
        else
            buf_putc(&b, *s);
    return arena_str(a, buf_view(&b));
}

/* Lines in a text of a host, whole ones, of another record. */
static void
test_forged(void)
{
    static const char *const forged[] = {
        " rec_hash=\"0\" seq=\"1\"] cs6=00 |externalId=3 ^seq=9^recHash=1",
        " [assay@32473 seq=\"1\" rec_hash=\"#\"] x",
        " [result@32473 seq=\"1\" leaf=\"#\"] x",
        "\"] seq=\"1\" leaf=\"#\" x",
        "x CEF:0|assay|assay|1|e|e|1|externalId=1 cs6=# externalId=1",
        "x| externalId=3 cs6=#|",
        "x LEEF:2.0|assay|assay|1|e|^|seq=1^seq=1^leaf=#^recHash=#"};
    for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
        struct str text = with_hashes(forged[i]);
        test_encoders(text);
        test_results(text);
    }
    struct audit_record r = make_record(STR("x"));
    const char *line = arena_fmt(a, "{\"leaf\":\"%064d\",\"rec\":%.*s}", 0, STR_ARG(r.raw)).s;
    check_line(str_c(line), &r); /* the bytes count, not what stands beside them */
}

static void
test_nothing(void)
{
    static const char *const lines[] = {"",
                                        "{",
                                        "{}",
                                        "x",
                                        "<109>1 - - - - - -",
                                        "CEF:0|assay|assay|1|e|e|1|externalId=x cs6=00",
                                        "CEF:0|assay|",
                                        "LEEF:2.0|assay|assay|1|e|^|seq=1",
                                        "LEEF:2.0|assay|",
                                        "LEEF:2.0|assay|||||",
                                        "{\"event\":{\"sequence\":1,\"hash\":\"00\"}}",
                                        "{\"leaf\":\"\",\"rec\":{}}",
                                        "{\"event\":{\"sequence\":-1}}",
                                        "<109>1 - a [assay@32473 seq=\"1\" rec_hash=\"zz\"] x"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct audit_recalled is;
        struct diag none = diag_init(a);
        CHECK(audit_recall(str_c(lines[i]), a, &is, &none) == -1);
        CHECK(none.first.code == DIAG_BAD_DATA);
    }
}

int
main(void)
{
    a = arena_new();
    d = diag_init(a);
    test_encoders(STR("plain"));
    struct hostile h = hostile_all(a);
    for (size_t i = 0; i < h.list.n; i++) {
        test_encoders(h.list.v[i]);
        if (h.list.v[i].len < 65536) /* as each of the fields */
            test_results(h.list.v[i]);
    }
    test_forged();
    test_nothing();
    arena_free(a);
    return CHECK_DONE();
}
