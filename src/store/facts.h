/* What an act changed in the tables, as the audit log tells it.
 * What:   a fact says what a row is: its kind, its key, and the digest of its canonical form
 *         (digest.h), or that it is gone. Who changes a row touches it first; before the log is
 *         locked the rows are read again (fact_settle.c), and what has become of them is chained and
 *         stands in the records of the act (act/act.c).
 * Owner:  the store, until the transaction ends.
 * Units:  seconds UTC; buckets are kind << 32 | day since 1970, day 0 for kinds without.
 * Errors: as store.h. DIAG_VERIFY: the tables of facts are not what the log says.
 * See:    doc/facts.md, doc/decisions/0015-facts.md */
#ifndef STORE_FACTS_H
#define STORE_FACTS_H

#include "base/vec.h"
#include "store/store.h"

enum fact_kind {
    FACT_AGENT = 1,
    FACT_POLICY,
    FACT_SCAN, /* and its revisions, when touched */
    FACT_REVISION,
    FACT_INPUT,
    FACT_ENROLMENT,
    FACT_SETTING,
    FACT_RUN,
    FACT_CURSOR,
    FACT_MONTH,
    FACT__END
};

enum { FACT_KEY_MAX = 40, FACT_TEXT_MAX = 600 };

/* Of a scan: agent, line, time, 8 bytes each; of a revision its number in 4 more; of an input the time
 * it was received and its hash; of an agent and a policy version the id; of a month store/month.h; else
 * a SHA-256 over the name. Numbers are big-endian. */
struct fact_key {
    unsigned char n, b[FACT_KEY_MAX];
};

struct fact {
    enum fact_kind kind;
    struct fact_key key;
    struct sha256_digest digest; /* zeros = gone */
    struct str text;             /* what it is of, for people */
    size_t of;                   /* the event of the act that tells it */
    int64_t seq;                 /* number of the record that does */
    uint64_t policy_id;          /* of a scan */
    bool is_refused;             /* the row was not what the log says: told, and not counted */
    bool has_was;                /* the row was there before, and */
    struct sha256_digest was;    /* its digest then */
};

typedef VEC(struct fact) fact_list;

/* A row that is about to change; which members count depends on the kind. */
struct fact_item {
    enum fact_kind kind;
    uint64_t id;                 /* agent, policy; of a scan the agent */
    uint64_t line_id;            /* scan */
    int64_t end;                 /* scan */
    int month, chunk;            /* month */
    struct sha256_digest sha256; /* input */
    struct str name, second;     /* enrolment, setting, cursor; run: definition, period */
    bool is_new;                 /* there is no row yet, or what it was has been read */
    size_t of;
};

struct fact_member {   /* an agent, as far as the transaction is */
    uint64_t group;    /* 0 = none was said yet */
    int64_t last_seen; /* CLOCK_NONE = it had not reported before */
};

/* What a transaction has touched so far; NULL in the store = nothing. */
struct facts {
    struct arena *a;
    VEC(struct fact_item) items;
    struct map *index;   /* bytes that name an item -> its position */
    struct map *groups;  /* bytes of group ids -> struct str, as far as they were asked for */
    struct map *members; /* bytes of agent ids -> struct fact_member; NULL = none yet */
    fact_list before;    /* what rows were, of items that are not new */
    fact_list settled;   /* what they became */
    bool is_settled;
    bool keeps_months; /* scans go, and what they were stays: months remain closed */
};

/* ---- keys ---- */

/* Key of a scan. */
struct fact_key fact_key_scan(uint64_t agent_id, uint64_t line_id, int64_t end);
/* Key of a revision of it. */
struct fact_key fact_key_revision(uint64_t agent_id, uint64_t line_id, int64_t end,
                                  uint32_t revision);
/* Key of an agent or a policy version. */
struct fact_key fact_key_id(uint64_t id);
/* Key of an input. */
struct fact_key fact_key_input(int64_t received, const struct sha256_digest *sha256);
/* Key of what one name or two name. */
struct fact_key fact_key_name(struct str name, struct str second);
/* The bucket of a key. */
uint64_t fact_bucket_of(enum fact_kind kind, const struct fact_key *key);
/* The bucket of a kind and a time. */
uint64_t fact_bucket_at(enum fact_kind kind, int64_t t);
/* The kind as records write it; NULL when there is none of that number. */
const char *fact_word(enum fact_kind kind);
/* True for a setting that is a note of a run, for the next one, and no fact: no act records it. */
bool fact_is_note(struct str setting);
/* True when the digest says that the row is gone. */
bool fact_is_gone(const struct sha256_digest *digest);

/* ---- touching ---- */

/* The row will change, or be made; it is told by the event of store_facts_for(). Outside a transaction
 * nothing is noted: there is no act that could tell it. Texts are copied. */
void facts_touch(struct store *st, const struct fact_item *item);
/* True when it is touched already. */
bool facts_is_touched(const struct store *st, const struct fact_item *item);
/* What the transaction knows of an agent that it has touched; looked at first by fact_agents_look(). */
struct fact_member *facts_member(struct store *st, uint64_t agent_id);
/* The event of the item that a fact came of. */
size_t facts_event_of(const struct store *st, const struct fact *f);
/* In this transaction scans are taken out that closed months go on telling of: no month is opened. */
void facts_keep_months(struct store *st);
/* Forgets everything: the transaction is at its end. */
void facts_drop(struct store *st);

/* ---- recording: act/act.c ---- */

/* Sends all rows, and reads again those that were touched; before the audit log is locked. */
int store_settle_facts(struct store *st, struct diag *d);
/* What is to be recorded, when the log is locked at size records with that last leaf, in the order of the
 * events. A row that was not what the log says of it before it changed is refused: it stays wrong,
 * and whoever compares it finds it. */
int store_pick_facts(struct store *st, int64_t size, const struct sha256_digest *last,
                     struct fact **ret, size_t *ret_n, struct diag *d);
/* Chains and writes n facts whose records are known (seq, in ascending order), last_seq being the last
 * record of the act; *ret_state is what that record says of the whole: "NUMBER SHA-256". Behind it
 * nothing is touched any more. */
int store_put_facts(struct store *st, const struct fact *facts, size_t n, int64_t last_seq,
                    struct arena *a, struct str *ret_state, struct diag *d);
/* The log has that size and last leaf now, by the act whose facts were put. */
void store_facts_moved(struct store *st, int64_t size, const struct sha256_digest *last);
/* Whether what was there before there were facts was adopted (store/check_facts.h), or never had to be. */
int store_has_adopted(struct store *st, bool *ret, struct diag *d);
/* What a record says for a fact: digest or "gone", key, and the text. */
struct str fact_value(const struct fact *f, struct arena *a);
/* True when something was touched that no record tells. */
bool store_has_facts(const struct store *st);

#endif
