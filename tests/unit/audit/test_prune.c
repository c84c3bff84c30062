/* Permissions to prune: which record gives one, signed by whom, and when; and a chain whose beginning
 * has no texts. */
#include "audit/prune.h"

#include "audit/chain.h"
#include "check.h"
#include "signer.h"

static struct audit_actor actor = {.uid = 0};

/* A record audit.prune with that note, at that place of the log. */
static struct audit_record
record_of(struct str note, int64_t seq, struct arena *a)
{
    struct event_change changes[] = {{STR("minimum"), STR(""), STR("999999"), false},
                                     {STR("note"), STR(""), note, false}};
    struct event e = {.name = AUDIT_PRUNE_EVENT, .changes = changes, .n_changes = 2};
    struct sha256_digest prev = sha256_of(STR("")), leaf;
    struct audit_record r;
    struct str rec;
    struct diag d = diag_init(a);
    e.object_type = e.object_id = e.object_name = e.reason = STR("");
    audit_record_build(seq, &prev, 1790000000000000, &actor, &e, a, &rec, &leaf);
    CHECK(audit_record_parse(rec, a, &r, &d) == 0);
    return r;
}

/* The minimum that the note gives, -1 = it gives none. */
static int64_t
minimum_of(struct str note, int64_t seq, const struct audit_keys *k, struct arena *a)
{
    struct diag d = diag_init(a);
    struct audit_record r = record_of(note, seq, a);
    int64_t m = -1;
    return audit_prune_read(&r, k, a, &m, &d) == 0 ? m : -1;
}

static struct str
signed_text(const char *text, const struct audit_signer *s, struct arena *a)
{
    struct str note = STR("");
    struct diag d = diag_init(a);
    CHECK(audit_note_sign(str_c(text), s, a, &note, &d) == 0);
    return note;
}

static void
test_permissions(struct arena *a)
{
    static const char *const bad[] = {"log.example/one\npruned below -1\n",
                                      "log.example/two\npruned below 512\n",
                                      "log.example/one\npruned below 512\nmore\n",
                                      "log.example/one\n512\n",
                                      "pruned below 512\n",
                                      "\n"};
    struct diag d = diag_init(a);
    struct audit_signer *s = make_signer("log.example/one"),
                        *other = make_signer("log.example/one");
    struct audit_keys k = {0};
    struct str note, foreign = STR("");
    *VEC_PUSH(a, &k.v) = (struct audit_key_span){audit_signer_vkey(s), 0, 1000};
    CHECK(audit_prune_sign(512, s, a, &note, &d) == 0 &&
          audit_prune_sign(512, other, a, &foreign, &d) == 0);
    CHECK(minimum_of(note, 600, &k, a) == 512);
    CHECK(minimum_of(note, 1000, &k, a) == 512);
    CHECK(minimum_of(note, 1001, &k, a) == -1); /* the key was not in force any more */
    CHECK(minimum_of(foreign, 600, &k, a) == -1);
    CHECK(minimum_of(STR(""), 600, &k, a) == -1);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(minimum_of(signed_text(bad[i], s, a), 600, &k, a) == -1);
    char *bent = arena_alloc(a, note.len);
    memcpy(bent, note.s, note.len);
    *strchr(bent, '5') = '9';
    CHECK(minimum_of(str_n(bent, note.len), 600, &k, a) == -1);
    audit_signer_free(s);
    audit_signer_free(other);
}

enum { N = 5 };

static struct audit_columns columns[N];
static struct str records[N];

static void
fill(struct arena *a)
{
    struct event e = {.name = "test.event"};
    struct sha256_digest prev = {{0}};
    e.object_type = e.object_id = e.object_name = e.reason = STR("");
    for (int i = 0; i < N; i++) {
        struct audit_columns *c = &columns[i];
        *c = (struct audit_columns){
            .seq = i, .ts_us = 1790000000000000 + i, .event = STR("test.event")};
        c->object_type = c->object_id = STR("");
        audit_record_build(i, &prev, c->ts_us, &actor, &e, a, &records[i], &c->leaf);
        prev = c->leaf;
    }
}

/* The records whose letter is p have no text. */
static bool
holds(const char *letters, struct arena *a)
{
    struct audit_chain c = audit_chain_start();
    struct diag d = diag_init(a);
    int rc = 0;
    for (int i = 0; i < N && rc == 0; i++)
        rc = letters[i] == 'p' ? audit_chain_pruned(&c, &columns[i], &d)
                               : audit_chain_next(&c, &columns[i], records[i], a, &d);
    return rc == 0 && audit_chain_end(&c, N, &columns[N - 1].leaf, &d) == 0;
}

static void
test_chain(struct arena *a)
{
    fill(a);
    CHECK(holds("tttttt", a) && holds("pttttt", a) && holds("pppttt", a) && holds("pppppp", a));
    CHECK(!holds("tpttt", a) && !holds("ptptt", a) && !holds("ttttp", a));
    columns[1].leaf.b[0] ^= 1;
    CHECK(!holds("ppttt", a)); /* what follows knows better */
    CHECK(holds("pppttt", a)); /* only the tree does */
}

int
main(void)
{
    struct arena *a = arena_new();
    actor.origin = actor.user = actor.host = actor.via = actor.run = actor.app = STR("x");
    test_permissions(a);
    test_chain(a);
    arena_free(a);
    return CHECK_DONE();
}
