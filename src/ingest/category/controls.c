/* What mappings say: CIS's own, and controls of NIST SP 800-53, also through DISA's CCIs. Asked by category.c.
 * A mapping that names several controls is no answer but a set: category.c looks for a step that agrees with
 * one of them. */
#include "ingest/controls.h"
#include "ingest/category/category.h"
#include "ingest/category/steps.h"

enum {
    MAX_CCIS = 4,  /* of a check that tests something definite: 86 % of STIG rules have one */
    MOST_RANK = 3, /* what is more general says too little to stand before the title */
    NO_RANK = 100,
    OLD_CONTROLS = 20
};

/* ---- CIS Controls ---- */

/* The v8 control that took the place of each v7 control (1..20). */
static const int v7_to_v8[OLD_CONTROLS + 1] = {0,  1,  2, 7, 5,  4, 8,  9,  10, 4, 11,
                                               12, 13, 3, 3, 12, 5, 14, 16, 17, 18};

/* The number before the first dot; 0 = none from 1 to most. */
static int
leading_number(struct str control, int most)
{
    int64_t n;
    bool ok = str_to_i64(str_cut(&control, '.'), &n);
    return ok && n >= 1 && n <= most ? (int)n : 0;
}

static void
add(struct category_set *set, int number)
{
    if (!number || set->has[number])
        return;
    set->has[number] = true;
    if (!set->n++)
        set->first = number;
}

struct category_set
category_cis(const struct scan_check *c)
{
    struct category_set set = {.n = 0};
    for (size_t i = 0; i < c->mappings.n; i++) {
        const struct scan_mapping *m = &c->mappings.v[i];
        if (str_eqc(m->framework, "cis_csc") && str_starts(m->edition, "v8"))
            add(&set, leading_number(m->control, CATEGORY_CONTROLS));
    }
    return set;
}

/* Whole controls without an edition come from a crosswalk through NIST CSF that names up to eight for a rule,
 * none of them right; with sub-controls ("5.1") they are version 7. */
static bool
is_crosswalk(const struct scan_check *c)
{
    for (size_t i = 0; i < c->mappings.n; i++) {
        const struct scan_mapping *m = &c->mappings.v[i];
        if (str_eqc(m->framework, "cis_csc") && !m->edition.len && str_find(m->control, ".") < 0)
            return true;
    }
    return false;
}

struct category_set
category_old_cis(const struct scan_check *c)
{
    struct category_set set = {.n = 0};
    bool takes_unedited = !is_crosswalk(c);
    for (size_t i = 0; i < c->mappings.n; i++) {
        const struct scan_mapping *m = &c->mappings.v[i];
        bool is_old = m->edition.len ? str_starts(m->edition, "v7") || str_starts(m->edition, "v6")
                                     : takes_unedited;
        if (is_old && str_eqc(m->framework, "cis_csc"))
            add(&set, v7_to_v8[leading_number(m->control, OLD_CONTROLS)]);
    }
    return set;
}

struct category_answer
category_by_old_cis(struct arena *a, const struct scan_check *c)
{
    struct category_set set = category_old_cis(c);
    (void)a;
    return (struct category_answer){set.n == 1 ? set.first : 0, STR("cis-v7")};
}

/* Up to schema 13 the first control in the list was the category, and whole controls without an edition
 * counted as version 7. */
static int
first_number(const struct scan_check *c, bool v8)
{
    int most = v8 ? CATEGORY_CONTROLS : OLD_CONTROLS;
    for (size_t i = 0; i < c->mappings.n; i++) {
        const struct scan_mapping *m = &c->mappings.v[i];
        if (!str_eqc(m->framework, "cis_csc") || str_starts(m->edition, "v8") != v8)
            continue;
        int n = leading_number(m->control, most);
        if (n)
            return n;
    }
    return 0;
}

struct str
category_of_schema_13(const struct scan_check *c)
{
    int n = first_number(c, true);
    return scan_category_name(n ? n : v7_to_v8[first_number(c, false)]);
}

/* ---- NIST SP 800-53 ---- */

/* The row of the longest beginning of a control: AC-2(4)(a), AC-2(4), AC-2(a), AC-2, AC. */
static const struct category_control *
find_control(struct arena *a, struct str control)
{
    const struct category_index *x = category_index();
    struct str key = control, base = control, last = STR("");
    base = str_cut(&base, '(');
    for (;;) {
        const struct category_control *k = map_get(x->controls, key);
        if (k)
            return k;
        size_t n = key.len;
        while (n > base.len && key.s[n - 1] != '(')
            n--;
        if (n <= base.len)
            break;
        last = last.len ? last : str_n(key.s + n - 1, key.len - n + 1);
        key = str_n(key.s, n - 1);
        if (key.len == base.len && last.len && base.len + last.len < control.len) {
            k = map_get(x->controls, arena_fmt(a, "%.*s%.*s", STR_ARG(base), STR_ARG(last)));
            if (k)
                return k;
        }
    }
    /* an objective of SP 800-53A, CM-6.1(iv), then the family */
    struct str whole = base, family = base;
    const struct category_control *k = map_get(x->controls, str_cut(&whole, '.'));
    return k ? k : map_get(x->controls, str_cut(&family, '-'));
}

struct best {
    int rank;
    struct category_answer answer;
};

static void
take_better(struct arena *a, struct best *b, struct str control, const char *kind, struct str what)
{
    const struct category_control *k = find_control(a, control);
    if (k && k->rank < b->rank)
        *b = (struct best){k->rank, {k->number, arena_fmt(a, "%s:%.*s", kind, STR_ARG(what))}};
}

/* CCI-000366 -> 366; 0 = no CCI. */
static int
cci_number(struct str s)
{
    int64_t n;
    bool ok = str_starts(s, "CCI-") && str_to_i64(str_n(s.s + 4, s.len - 4), &n);
    return ok && n > 0 && n <= MAX_CCI ? (int)n : 0;
}

static size_t
count_ccis(const struct scan_check *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->mappings.n; i++)
        n += str_eqc(c->mappings.v[i].framework, "cci") && cci_number(c->mappings.v[i].control) > 0;
    return n;
}

/* Of all controls of the check the one that tells most, the first of equals. */
static struct best
best_control(struct arena *a, const struct scan_check *c)
{
    const struct category_index *x = category_index();
    struct best b = {NO_RANK, {0, STR("")}};
    for (size_t i = 0; i < c->mappings.n; i++) {
        const struct scan_mapping *m = &c->mappings.v[i];
        if (str_eqc(m->framework, "nist_800_53")) {
            take_better(a, &b, controls_rewrite(a, STR("nist"), m->control), "800-53", m->control);
        } else if (str_eqc(m->framework, "cci")) {
            int n = cci_number(m->control);
            if (n && x->cci[n])
                take_better(a, &b, *x->cci[n], "cci", m->control);
        }
    }
    return b;
}

/* Lists without CCIs are crosswalks: right for 28 of 99 checks of a Wazuh policy, so they do not stand before
 * the title. */
struct category_answer
category_by_control(struct arena *a, const struct scan_check *c)
{
    size_t n = count_ccis(c);
    struct best b = {NO_RANK, {0, STR("")}};
    if (n >= 1 && n <= MAX_CCIS)
        b = best_control(a, c);
    return b.rank <= MOST_RANK ? b.answer : (struct category_answer){0, STR("")};
}

struct category_answer
category_by_general(struct arena *a, const struct scan_check *c)
{
    struct best b = best_control(a, c);
    return (struct category_answer){b.answer.number, STR("800-53-general")};
}
