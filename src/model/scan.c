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

struct scan_check
scan_check_new(struct str id)
{
    const struct str no = STR("");
    return (struct scan_check){.id = id,
                               .key = id,
                               .title = no,
                               .description = no,
                               .rationale = no,
                               .remediation = no,
                               .impact = no,
                               .own_category = no,
                               .section = no,
                               .category = no,
                               .category_source = no};
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
        const struct str texts[] = {
            c->id,          key,       c->title,       c->description, c->rationale,
            c->remediation, c->impact, c->own_category};
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            sha256_add_field(h, texts[k]);
        for (size_t k = 0; k < c->mappings.n; k++) {
            sha256_add_field(h, c->mappings.v[k].framework);
            sha256_add_field(h, c->mappings.v[k].edition);
            sha256_add_field(h, c->mappings.v[k].control);
        }
        if (c->section
                .len) { /* a catalogue without any has the hash it had before there were sections */
            sha256_add_field(h, STR("section"));
            sha256_add_field(h, c->section);
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

enum category_kind
scan_category_kind(struct str source)
{
    static const struct {
        const char *word;
        enum category_kind kind;
    } words[] = {{"own", CATEGORY_OWN},
                 {"cis-v8", CATEGORY_CIS},
                 {"cis-v8-first", CATEGORY_CIS},
                 {"rule", CATEGORY_RULE},
                 {"group", CATEGORY_GROUP},
                 {"section", CATEGORY_SECTION},
                 {"800-53", CATEGORY_CONTROL},
                 {"cci", CATEGORY_CONTROL},
                 {"title", CATEGORY_TITLE},
                 {"cis-v7", CATEGORY_CIS_OLD},
                 {"cis-v7-first", CATEGORY_CIS_OLD},
                 {"800-53-general", CATEGORY_GENERAL},
                 {"none", CATEGORY_NONE}};
    struct str word = str_cut(&source, ':');
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eqc(word, words[i].word))
            return words[i].kind;
    return CATEGORY_UNKNOWN;
}
