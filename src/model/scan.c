/* Small arithmetic over the nouns of scan.h: counting, the hash of a catalogue, categories. */
#include "model/scan.h"

#include <assert.h>

static const char *const categories[] = {
    "",
    "Inventory and Control of Enterprise Assets",
    "Inventory and Control of Software Assets",
    "Data Protection",
    "Secure Configuration of Enterprise Assets and Software",
    "Account Management",
    "Access Control Management",
    "Continuous Vulnerability Management",
    "Audit Log Management",
    "Email and Web Browser Protections",
    "Malware Defenses",
    "Data Recovery",
    "Network Infrastructure Management",
    "Network Monitoring and Defense",
    "Security Awareness and Skills Training",
    "Service Provider Management",
    "Application Software Security",
    "Incident Response Management",
    "Penetration Testing",
};

enum { N_CATEGORIES = sizeof categories / sizeof *categories - 1, MAX_WORDS = 100 };

static struct scan_count *
find_word(struct scan *s, struct str word)
{
    for (size_t i = 0; i < s->native_counts.n; i++)
        if (str_eq(s->native_counts.v[i].word, word))
            return &s->native_counts.v[i];
    return NULL;
}

static void
count_native(struct arena *a, struct scan *s, struct str word)
{
    struct scan_count *c = find_word(s, word);
    if (!c && s->native_counts.n >= MAX_WORDS)
        c = find_word(s, word = STR("(other words)")); /* a hostile file cannot make it long */
    if (!c) {
        c = VEC_PUSH(a, &s->native_counts);
        c->word = word;
    }
    c->n++;
}

void
scan_add_result(struct arena *a, struct scan *s, struct scan_result r)
{
    assert(r.status > STATUS_NONE && r.status < STATUS__COUNT);
    assert(r.check < s->checks.n);
    count_native(a, s, r.native);
    s->counts[r.status]++;
    if (r.status != STATUS_NOTSELECTED)
        *VEC_PUSH(a, &s->results) = r;
}

struct sha256_digest
scan_catalogue_hash(const struct scan *s)
{
    if (s->has_catalogue)
        return s->catalogue;
    struct sha256 *h = sha256_new();
    sha256_add_field(h, s->policy.id);
    sha256_add_field(h, s->policy.version);
    /* everything that two versions of a policy can differ in, in the order of the vector */
    for (size_t i = 0; i < s->checks.n; i++) {
        const struct scan_check *c = &s->checks.v[i];
        struct str key = c->key.len ? c->key : c->id; /* as it is stored */
        const struct str texts[] = {c->id,          key,          c->title,
                                    c->description, c->rationale, c->remediation,
                                    c->impact,      c->category};
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            sha256_add_field(h, texts[k]);
        for (size_t k = 0; k < c->mappings.n; k++) {
            sha256_add_field(h, c->mappings.v[k].framework);
            sha256_add_field(h, c->mappings.v[k].edition);
            sha256_add_field(h, c->mappings.v[k].control);
        }
    }
    return sha256_final(h);
}

void
scan_settle_catalogue(struct scan *s)
{
    s->catalogue = scan_catalogue_hash(s);
    s->has_catalogue = true;
}

struct str
scan_category_name(int number)
{
    return str_c(number >= 1 && number <= N_CATEGORIES ? categories[number] : "");
}

int
scan_category_number(struct str name)
{
    int64_t n;
    for (int i = 1; i <= N_CATEGORIES; i++)
        if (str_ieqc(name, categories[i]))
            return i;
    return str_to_i64(name, &n) && n >= 1 && n <= N_CATEGORIES ? (int)n : 0;
}

/* The control's number before the first dot, 0 = not a number. */
static int
leading_number(struct str control)
{
    int64_t n;
    struct str head = str_cut(&control, '.');
    return str_to_i64(head, &n) && n >= 1 && n <= N_CATEGORIES ? (int)n : 0;
}

/* Category of its own, else by the CIS control; a name or number of a control becomes the one
 * spelling. */
void
scan_settle_category(struct scan_check *c)
{
    int n = scan_category_number(c->category);
    if (n == 0 && c->category.len)
        return; /* the input's own category is kept as it is */
    for (size_t i = 0; n == 0 && i < c->mappings.n; i++)
        if (str_eqc(c->mappings.v[i].framework, "cis_csc"))
            n = leading_number(c->mappings.v[i].control);
    c->category = scan_category_name(n);
}
