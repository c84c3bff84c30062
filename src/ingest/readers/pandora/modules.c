/* The four modules a stock Pandora agent sends after a hardening audit; called by pandora.c. They
 * give counts and a score, without single results. */
#include <assert.h>
#include <math.h>

#include "ingest/limits.h"
#include "ingest/readers/pandora/pandora.h"
#include "ingest/take.h"
#include "model/tally.h"

static const struct {
    const char *module, *word;
} names[PANDORA_MODULE__COUNT] = {
    [PANDORA_FAILED] = {"Hardening - Failed checks", "failed"},
    [PANDORA_NOT_APPLIED] = {"Hardening - Not applied checks", "not applied"},
    [PANDORA_PASSED] = {"Hardening - Passed checks", "passed"},
    [PANDORA_SCORE] = {"Hardening - Score", "score"},
};

static const enum status statuses[] = {
    [PANDORA_FAILED] = STATUS_FAIL,
    [PANDORA_NOT_APPLIED] = STATUS_NOTAPPLICABLE,
    [PANDORA_PASSED] = STATUS_PASS,
};

void
pandora_modules_take(struct pandora_modules *m, struct str name, struct str data, struct diag *d)
{
    double value;
    name = str_trim(name);
    for (int i = 0; i < PANDORA_MODULE__COUNT; i++) {
        if (!str_eqc(name, names[i].module))
            continue;
        assert(!m->has[i] || m->value[i] >= 0);
        m->is_named = true;
        double most = i == PANDORA_SCORE ? 100 : LIMIT_RESULTS;
        bool ok = take_number(data, &value) && value >= 0 && value <= most &&
                  (i == PANDORA_SCORE || value == floor(value));
        if (!ok)
            diag_warn(d, DIAG_WARN_DATA, str_c(names[i].module), "not a usable number: left out");
        m->has[i] = ok;
        m->value[i] = ok ? value : 0;
    }
}

bool
pandora_modules_any(const struct pandora_modules *m)
{
    return m->has[PANDORA_FAILED] || m->has[PANDORA_NOT_APPLIED] || m->has[PANDORA_PASSED] ||
           m->has[PANDORA_SCORE];
}

static void
add_score(const struct pandora_modules *m, struct scan *s, struct arena *a)
{
    if (m->has[PANDORA_SCORE])
        *VEC_PUSH(a, &s->scores) =
            (struct scan_score){STR("pandora"), m->value[PANDORA_SCORE], 100};
}

int
pandora_modules_scan(const struct pandora_modules *m, const struct ingest_context *ctx,
                     const struct pandora_header *h, struct scan_file *file, struct arena *a,
                     struct diag *d)
{
    if (!m->has[PANDORA_PASSED] || !m->has[PANDORA_FAILED])
        return diag_fail(d, DIAG_BAD_DATA, "module '%s' is missing",
                         names[m->has[PANDORA_PASSED] ? PANDORA_FAILED : PANDORA_PASSED].module);
    struct scan *s = VEC_PUSH(a, &file->scans);
    s->format = STR("pandora");
    s->asset = h->asset;
    s->policy = (struct scan_policy){.id = STR("pandora_hardening"),
                                     .version = STR(""),
                                     .title = STR("Pandora FMS hardening"),
                                     .profile = STR("")};
    s->engine = h->engine;
    s->start = CLOCK_NONE;
    s->end = h->time;
    s->zone_assumed = h->zone_assumed;
    s->score_only = true;
    take_settle_times(ctx, s, d);
    for (int i = 0; i < PANDORA_SCORE; i++) {
        s->counts[statuses[i]] = (int64_t)m->value[i];
        if (m->value[i] > 0)
            *VEC_PUSH(a, &s->native_counts) =
                (struct scan_count){str_c(names[i].word), (int64_t)m->value[i]};
        if (!m->has[i])
            diag_warn(d, DIAG_WARN_DATA, str_c(names[i].module), "missing: taken as 0");
    }
    add_score(m, s, a);
    assert(s->score_only && s->policy.id.len && s->counts[STATUS_PASS] >= 0);
    return take_check_ids(s, d);
}

void
pandora_modules_compare(const struct pandora_modules *m, struct scan_file *file, struct arena *a,
                        struct diag *d)
{
    struct tally sum = {0};
    assert(file->scans.n > 0);
    for (size_t i = 0; i < file->scans.n; i++) {
        struct tally t = tally_of(file->scans.v[i].counts);
        tally_add(&sum, &t);
    }
    bool differ = (m->has[PANDORA_PASSED] && sum.passed != (int64_t)m->value[PANDORA_PASSED]) ||
                  (m->has[PANDORA_FAILED] && sum.failed != (int64_t)m->value[PANDORA_FAILED]);
    if (differ)
        diag_warn(d, DIAG_WARN_DATA, STR("hardening"),
                  "%lld passed and %lld failed checks, but the modules say %.0f and %.0f",
                  (long long)sum.passed, (long long)sum.failed, m->value[PANDORA_PASSED],
                  m->value[PANDORA_FAILED]);
    if (file->scans.n == 1)
        add_score(m, &file->scans.v[0], a);
}
