/* The log recomputed: what holds, what does not and where, and proofs from it. */
#include "ledger/verify_log.h"

#include "audit/prune.h"
#include "site.h"

static int
verify(struct site *s, struct audit_verdict *ret)
{
    return verify_log_run(&s->act, NULL, ret, &s->d);
}

static int
try_verify(struct site *s)
{
    struct audit_verdict v;
    return verify(s, &v);
}

static void
test_holds(struct site *s)
{
    struct audit_verdict v;
    CHECK(site_ok(s, verify(s, &v)) && v.n_records == 0 && v.n_signed == 0 && v.has_key);
    site_append(s, 700); /* more than one portion, and two levels of tiles */
    site_sign(s);
    site_append_at(s, 3, "report.make", env_wall_us() - 5000000); /* the clock was set back */
    CHECK(site_ok(s, verify(s, &v)));
    CHECK(v.n_records == 703 && v.n_signed == 1 && v.covered == 700 && v.n_tiles == 4);
    CHECK(v.n_clock_steps == 1 && v.n_pruned == 0 && !v.is_old && v.age_s >= 0);
    site_make_old(s, "audit.checkpoint", 2 * s->act.config.audit_heartbeat_s + 60);
    CHECK_FAILS(s, try_verify(s), DIAG_VERIFY, "3 records are covered by no checkpoint");
    site_sign(s);
    site_make_old(s, "audit.checkpoint", 2 * s->act.config.audit_heartbeat_s + 60);
    CHECK(site_ok(s, verify(s, &v)) && v.is_old);
}

/* Each change of the database is found where it is. */
static void
test_changes(struct site *s)
{
    static const struct {
        const char *sql, *undo, *words;
    } t[] = {
        {"UPDATE audit_log SET rec = REPLACE(rec, 'cli', 'CLI') WHERE seq = 3",
         "UPDATE audit_log SET rec = REPLACE(rec, 'CLI', 'cli') WHERE seq = 3",
         "record 3: the bytes do not have the stored hash"},
        {"UPDATE audit_log SET event = 'other' WHERE seq = 4",
         "UPDATE audit_log SET event = 'report.make' WHERE seq = 4", "record 4: column event"},
        {"UPDATE audit_head SET size = 9", "UPDATE audit_head SET size = 8",
         "the head speaks of 9 records"},
        {"UPDATE audit_log SET seq = 99 WHERE seq = 5",
         "UPDATE audit_log SET seq = 5 WHERE seq = 99", "record 5 is missing"},
        {"UPDATE audit_tile SET hashes = REPEAT(x'00', 256)",
         "UPDATE audit_tile SET hashes = (SELECT GROUP_CONCAT(leaf ORDER BY seq SEPARATOR '') FROM "
         "audit_log)",
         "tile 0/0: the records hold"},
    };
    site_append(s, 8);
    site_sign(s);
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        site_sql(s, t[i].sql);
        CHECK_FAILS(s, try_verify(s), DIAG_VERIFY, t[i].words);
        site_sql(s, t[i].undo);
        CHECK(site_ok(s, try_verify(s)));
    }
}

/* A record audit.prune with a note that says so, as prune.c writes it; NULL = the log's own key. */
static void
append_permission(struct site *s, int64_t minimum, const struct audit_signer *by)
{
    struct audit_signer *own = NULL;
    struct str note;
    CHECK(site_ok(s, log_keys_load_signer(&s->act.config, &own, &s->d)));
    CHECK(site_ok(s, audit_prune_sign(minimum, by ? by : own, s->a, &note, &s->d)));
    struct event_change change = {STR("note"), STR(""), note, false};
    struct event e = {.name = AUDIT_PRUNE_EVENT,
                      .severity = 6,
                      .object_type = STR("log"),
                      .object_id = STR("x"),
                      .object_name = STR("x"),
                      .reason = STR(""),
                      .changes = &change,
                      .n_changes = 1};
    CHECK(site_ok(s, act_record(&s->act, &e, 1, &s->d)));
    audit_signer_free(own);
}

/* Texts may be gone when the log key permitted it, below that record, and a checkpoint covers it. */
static void
test_permissions(struct site *s)
{
    struct audit_verdict v;
    struct audit_signer *thief = NULL;
    site_append(s, 6);
    site_sign(s);
    site_sql(s, "UPDATE audit_log SET rec = NULL WHERE seq < 4");
    CHECK_FAILS(s, try_verify(s), DIAG_VERIFY,
                "record 0: the text is gone, and nothing that is signed permits it");
    /* who has the database alone: a note of another key, and one that no checkpoint covers */
    CHECK(site_ok(s, audit_signer_make(s->act.config.origin, &thief, &s->d)));
    append_permission(s, 4, thief);
    CHECK_FAILS(s, try_verify(s), DIAG_VERIFY, "no checkpoint covers record 6");
    site_sign(s);
    CHECK_FAILS(s, try_verify(s), DIAG_VERIFY, "no key on the list of this host");
    append_permission(s, 3, NULL); /* one too few */
    site_sign(s);
    CHECK_FAILS(s, try_verify(s), DIAG_VERIFY, "record 3: the text is gone");
    append_permission(s, 4, NULL);
    CHECK_FAILS(s, try_verify(s), DIAG_VERIFY, "no checkpoint covers record 8");
    site_sign(s);
    CHECK(site_ok(s, verify(s, &v)) && v.n_pruned == 4);
    /* a text that is gone among others is not pruned */
    site_sql(s, "UPDATE audit_log SET rec = NULL WHERE seq = 5");
    CHECK_FAILS(s, try_verify(s), DIAG_VERIFY, "record 5: the text is gone, and older records");
    audit_signer_free(thief);
}

static int
try_prove(struct site *s, int64_t seq)
{
    struct str proof;
    return verify_log_prove(&s->act, seq, &proof, &s->d);
}

static void
test_proofs(struct site *s)
{
    struct audit_vkey k;
    struct audit_proven p;
    struct str proof;
    site_append(s, 300);
    CHECK_FAILS(s, try_prove(s, 0), DIAG_USAGE, "no checkpoint yet");
    site_sign(s);
    site_append(s, 1);
    CHECK(site_ok(s, log_keys_load_vkey(&s->act.config, s->a, &k, &s->d)));
    for (int64_t seq = 0; seq < 300; seq += 299) {
        CHECK(site_ok(s, verify_log_prove(&s->act, seq, &proof, &s->d)));
        CHECK(site_ok(s, audit_proof_check(proof, &k, s->a, &p, &s->d)));
        CHECK(p.at == seq && p.checkpoint.size == 300);
    }
    CHECK_FAILS(s, try_prove(s, 300), DIAG_USAGE, "record 300 is not covered");
    CHECK_FAILS(s, try_prove(s, -1), DIAG_USAGE, "not covered");
    site_sql(s, "UPDATE audit_log SET rec = REPLACE(rec, 'cli', 'CLI') WHERE seq = 7");
    CHECK_FAILS(s, try_prove(s, 7), DIAG_VERIFY, "not those of the checkpoint of 300");
    site_sql(s, "UPDATE audit_log SET rec = NULL WHERE seq = 7");
    CHECK_FAILS(s, try_prove(s, 7), DIAG_USAGE, "record 7 was pruned");
    site_sql(s, "DELETE FROM audit_log WHERE seq = 7");
    CHECK_FAILS(s, try_prove(s, 7), DIAG_VERIFY, "record 7 is missing");
}

int
main(void)
{
    static void (*const tests[])(struct site *) = {test_holds, test_changes, test_permissions,
                                                   test_proofs};
    struct site s;
    site_start(&s);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        tests[i](&s);
        site_reset(&s);
    }
    site_stop(&s);
    return CHECK_DONE();
}
