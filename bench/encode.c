/* Records of the audit log encoded in every format: records and megabytes a second of processor time.
 * Usage: encode [RECORDS] */
#include <stdio.h>
#include <stdlib.h>

#include "audit/encode.h"
#include "measure.h"

enum { DISTINCT = 1000, RUNS = 5, TS_STEP_US = 1000003 };
#define FIRST_TS_US INT64_C(1795543975123456)

static struct audit_record
make_record(int64_t seq, struct arena *a, struct sha256_digest *last)
{
    struct diag d = diag_init(a);
    struct str rec;
    struct audit_record r;
    const struct audit_actor who = {.origin = STR("audit.example.jp/assay"),
                                    .user = STR("assay"),
                                    .uid = 997,
                                    .host = STR("console-1.example.jp"),
                                    .via = STR("systemd"),
                                    .run = STR("131b6d59e0747602"),
                                    .app = STR("1.0.0")};
    const struct event_change changes[] = {
        {STR("organisation"), STR("Example"), STR("Example Ltd"), false},
        {STR("paper"), STR("a4"), STR("letter"), false}};
    const struct event e = {.name = "config.change",
                            .severity = 5,
                            .object_type = STR("settings"),
                            .object_id = STR("/etc/assay/assay.conf"),
                            .object_name = STR("assay.conf"),
                            .reason = STR(""),
                            .changes = changes,
                            .n_changes = 2};
    audit_record_build(seq, last, FIRST_TS_US + seq * TS_STEP_US, &who, &e, a, &rec, last);
    if (audit_record_parse(rec, a, &r, &d) != 0)
        exit(1);
    return r;
}

static void
measure(const struct audit_encoder *e, const struct audit_record *r, size_t n)
{
    const struct audit_encode_options o = {.facility = 13, .sd_id = STR("assay@32473")};
    double best = 1e9;
    size_t bytes = 0;
    for (int run = 0; run < RUNS; run++) {
        double from = bench_cpu_s();
        bytes = 0;
        for (size_t i = 0; i < n; i++) {
            struct arena *a = arena_new();
            AUTO_BUF out = buf_init(1 << 20);
            e->encode(&r[i % DISTINCT], &o, a, &out);
            bytes += out.len;
            arena_free(a);
        }
        double took = bench_cpu_s() - from;
        best = took < best ? took : best;
    }
    printf("encoding, %-8s %7.0f records/s, %4.0f MB/s, %4zu bytes a record\n", e->name,
           (double)n / best, (double)bytes / best / 1e6, bytes / n);
}

int
main(int argc, char **argv)
{
    size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 20000;
    struct arena *a = arena_new();
    struct sha256_digest last = sha256_of(STR("before"));
    struct audit_record *r = ARENA_ARRAY(a, struct audit_record, DISTINCT);
    for (int64_t i = 0; i < DISTINCT; i++)
        r[i] = make_record(i, a, &last);
    for (const struct audit_encoder *const *e = audit_encoders; *e; e++)
        measure(*e, r, n ? n : 1);
    arena_free(a);
    return 0;
}
