/* Signs of life: with a checkpoint where there is a key, and as news when none can be made. */
#include "job/heartbeat.h"

#include "ledger/checkpoint.h"
#include "ledger/log_keys.h"
#include "unit/act/session.h"

static struct session s;

/* The record of one heartbeat. */
static struct str
beat(void)
{
    struct diag d = diag_init(s.db.a);
    int64_t from = session_log_size(&s);
    CHECK(heartbeat_beat(s.act, &d) == 0 && session_log_size(&s) == from + 1);
    return session_records(&s, from);
}

static void
test_beat(void)
{
    struct diag d = diag_init(s.db.a);
    bool made;
    /* without a key there is nothing to sign: no failure, and no checkpoint */
    CHECK_STR(beat(), "audit.heartbeat 1 unit/assay\n");
    CHECK(log_keys_make(s.act, &made, &d) == 0 && made);
    struct str told = beat();
    CHECK(str_starts(told, "audit.heartbeat 1 unit/assay checkpoint_size:>1 checkpoint_root:>"));
    CHECK(str_starts(beat(), "audit.heartbeat 1 unit/assay checkpoint_size:>2 "));
}

/* The log was put back to an older state: a checkpoint would contradict the one that was signed. */
static void
test_contradiction(void)
{
    struct audit_signer *signer;
    struct diag d = diag_init(s.db.a);
    struct str note;
    CHECK(log_keys_load_signer(&s.act->config, &signer, &d) == 0);
    struct sha256_digest root = sha256_of(STR("elsewhere"));
    CHECK(audit_checkpoint_sign(1000, &root, signer, s.db.a, &note, &d) == 0);
    audit_signer_free(signer);
    session_write(&s, "audit.checkpoint", note.s);
    struct str told = beat();
    CHECK(str_starts(told, "audit.heartbeat 8 unit/assay !"));
    CHECK(str_find(told, "1000") > 0);
}

/* Told to stop it does, without another heartbeat; what waiting cannot mend ends it. */
static void
test_keep(void)
{
    struct diag d = diag_init(s.db.a);
    volatile sig_atomic_t stop = 1;
    int64_t size = session_log_size(&s);
    CHECK(heartbeat_keep(s.act, &stop, &d) == 0 && session_log_size(&s) == size);
}

int
main(void)
{
    session_start(&s, "");
    test_beat();
    test_contradiction();
    test_keep();
    session_stop(&s);
    return CHECK_DONE();
}
