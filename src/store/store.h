/* The database: typed functions, no general query. The only room that knows MySQL.
 * What:   keeps scans (packed), current state, findings, drift, inputs, report runs and the audit
 *         log; loads a struct fleet. All SQL stands in sql/ (schema/NNN-name.sql, query/NAME.sql);
 *         bulk rows go through the one typed builder (store/bulk.h).
 * Owner:  store_close frees; loaded structs live in the given arena.
 * Units:  times in seconds UTC.
 * Errors: DIAG_UNAVAILABLE (no server), DIAG_CONFIG (option file, TLS, grants), DIAG_SCHEMA,
 *         DIAG_RETRY (the server rolled back: roll back and do it all again), DIAG_LOST (the connection
 *         was lost, or this server takes no writes now: the same; the next begin connects anew), DIAG_BUSY, DIAG_BAD_DATA (a scan that cannot be
 *         kept), DIAG_INTERNAL. After any failure inside a transaction call store_rollback.
 * See:    sql/, doc/database.md, doc/decisions/0002-store.md */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/diag.h"
#include "model/fleet.h"
#include "model/period.h"
#include "model/scan.h"
#include "model/standing.h"
#include "model/tally.h"

struct store;

struct store_config {
    const char *option_file; /* my.cnf with [client] and [assay]; NULL = the embedded server */
    const char *state_dir;   /* the embedded server lives in <state_dir>/db */
    const char *database;    /* schema name; NULL = "assay" */
    int64_t wait_s; /* a server that is away is waited for so long; STORE_WAIT_FOR_EVER */
    /* Gives the password of the account, ended by a zero byte, in the place of the option file's, each time that a connection is made; the arena is
     * overwritten behind that. NULL = the option file has it, or none is asked for. */
    int (*load_password)(const void *of, struct arena *a, struct str *ret, struct diag *d);
    const void *of; /* what load_password wants: stays the caller's */
    /* Is told once an outage that it is waited for; NULL = nobody is. */
    void (*tell)(const char *text);
};

enum { STORE_WAIT_FOR_EVER = -1 };

/* ---- connection and schema ---- */

/* Connects (starting the embedded server when there is no option file). Does not look at the
 * schema. */
int store_open(const struct store_config *c, struct store **ret, struct diag *d);
/* Disconnects; the embedded server stops with its last user. NULL is allowed. */
void store_close(struct store *st);
/* Creates or upgrades the schema; *ret_from = 0 when there was none. Safe to repeat; refuses a
 * schema newer than this program (DIAG_SCHEMA). */
int store_migrate(struct store *st, int *ret_from, int *ret_to, struct diag *d);
/* Fails with DIAG_SCHEMA unless the schema is exactly this program's ("run assay init"). */
int store_check_schema(struct store *st, struct diag *d);
/* SQL that makes the roles of accounts on a server, for an administrator to run; asks no server. */
struct str store_grants(const char *database, struct arena *a);
/* An outage of the database as somebody sees it who tries again; zero = it has just begun. */
struct store_outage {
    int64_t since_ms;
    unsigned n_waits;
    bool is_told;
};

/* After a failure with DIAG_LOST (why), and outside of a transaction: waits a moment for the server to come
 * back, longer the longer it is away. False: it has been away for as long as it is waited for. */
bool store_outlast(struct store *st, struct store_outage *o, const struct diag *why);
/* Server product and version, for manifests and doctor. */
struct str store_server(struct store *st, struct arena *a);
/* Version of the client library that is loaded. */
const char *store_client(void);
/* How the connection is protected: "unix socket", "TLS 1.3 TLS_AES_…", for doctor. */
struct str store_transport(struct store *st, struct arena *a);

/* What the settings of the server mean for assay, each with what to set. */
struct store_advice {
    bool is_wrong; /* with one of them assay cannot work right */
    VEC(struct str) texts;
};

/* Reads the settings of the server, and how many agents there are. */
int store_advise(struct store *st, struct arena *a, struct store_advice *ret, struct diag *d);

/* ---- transactions: READ COMMITTED, autocommit off in between ---- */

/* Opens a transaction. */
int store_begin(struct store *st, struct diag *d);
/* Commits all that was done since it was opened, or nothing: DIAG_RETRY when the server rolled a
 * part of it back without a word. A lost answer comes back as DIAG_LOST: everything below is
 * idempotent. */
int store_commit(struct store *st, struct diag *d);
/* True when the last COMMIT failed and may have been sent: it may have been carried out. Until the next
 * begin. */
bool store_is_commit_in_doubt(const struct store *st);
/* Rolls back; safe to call at any time. */
void store_rollback(struct store *st);

/* What is changed from now on is told by that event of the act (act_append), the first being 0; for the
 * transaction at hand. */
void store_facts_for(struct store *st, size_t event);

/* ---- ingest ---- */

enum store_put {
    STORE_NEW,       /* stored; it is the only one of its second */
    STORE_SAME,      /* this very scan is there already (same asset, policy, end, content) */
    STORE_FULLER,    /* stored; it counts, and repeats what counted before it */
    STORE_CONTAINED, /* stored; what counts repeats it */
    STORE_REVISED    /* stored beside another of its second that says something else */
};

/* What became of a scan, and of the one that it came beside (doc/revisions.md). */
struct store_outcome {
    enum store_put put;
    unsigned revision, other_revision; /* of STORE_SAME none */
    enum standing standing, other_standing;
    struct sha256_digest other_file;
};

struct store_input { /* one file ever received, but for those that hold nothing to store */
    struct sha256_digest sha256;
    struct str name, format, verdict, reason, host; /* verdict: "stored", "rejected", "duplicate" */
    struct str custody; /* how it was authenticated, doc/enrolment.md; empty = not accepted */
    int64_t size, received;
    int64_t n_scans;
    size_t event; /* of the act that tells it */
};

/* Makes sure that agents, groups, policy versions, checks, texts and evidence of the scans of n
 * files exist (own short transactions, INSERT IGNORE): call before store_begin, outside any
 * transaction; again and again is harmless. On failure *ret_at is the file it happened at: with
 * DIAG_BAD_DATA or DIAG_TOO_BIG it is that file's fault. */
int store_prepare(struct store *st, const struct scan_file *const *files, size_t n, size_t *ret_at,
                  struct diag *d);
/* Locks what the scans of n prepared files will change, in few statements; a scan whose line is not
 * locked yet does it for itself. Inside a transaction. */
int store_lock_lines(struct store *st, const struct scan_file *const *files, size_t n,
                     struct diag *d);
/* Writes one scan and repairs what derives from it (current state, drift, also when it arrives
 * late). Inside a transaction. Delta scans are merged into the newest known state. Nothing that is
 * stored goes: of several scans of a second one counts, and the others are kept beside it. */
int store_put_scan(struct store *st, const struct scan_file *f, const struct scan *s,
                   struct store_outcome *ret, struct diag *d);
struct store_late { /* a delta that was stored before a scan it builds on */
    uint64_t agent_id, line_id;
    int64_t end;
    struct str agent; /* its name */
};

/* The next of those that have to be merged again, with the policy version it will have made; agent_id 0 =
 * there is none. Outside any transaction; after every commit of scans, and at the beginning of a run
 * for those that a run left which was killed. */
int store_next_late(struct store *st, struct arena *a, struct store_late *ret, struct diag *d);
/* Merges it; *ret_changed: that made another scan of it. Inside a transaction. DIAG_RETRY: what
 * store_next_late() made is not what is needed now. */
int store_merge_late(struct store *st, const struct store_late *late, bool *ret_changed,
                     struct diag *d);
/* Writes (or replaces the verdicts of) n inputs. Inside a transaction. */
int store_put_inputs(struct store *st, const struct store_input *const *in, size_t n,
                     struct diag *d);
/* Keeps the findings about a file, for the data-quality page. Inside a transaction. */
int store_put_warnings(struct store *st, const struct scan_file *f, struct diag *d);
struct store_bytes { /* a file before it is read */
    const struct sha256_digest *sha256;
    struct str agent; /* whose it is by its transport; empty = the file says */
};

/* Which of n files were stored, by their hashes: ret[i] for files[i]. The same bytes of another
 * agent are another file: kube-bench on two nodes alike writes the same. */
int store_find_stored(struct store *st, const struct store_bytes *files, size_t n, bool *ret,
                      struct diag *d);

/* ---- scans as a person sees them, and what he decides about those of one second ---- */

struct store_list_query {
    struct str agent, policy; /* name, id; empty = all */
    int64_t from, to;         /* [from, to) by the time of the scan */
    bool contested;           /* only seconds with a scan that is superseded */
};

struct store_listed { /* a scan, whether it counts or not */
    struct str agent, policy, title, profile, format;
    uint64_t agent_id, line_id;
    int64_t end, received;
    unsigned revision;
    enum standing standing;
    struct tally tally;
    bool partial, score_only, zone_assumed, end_assumed, delta, late, ahead;
    struct sha256_digest sha256; /* of the file it came in, and */
    struct str file;             /* its name */
};

/* Called for each scan, whose texts last that long; anything but 0 ends the list. No query may be
 * made in it. */
typedef int store_listed_fn(void *ctx, const struct store_listed *v, struct diag *d);
/* All scans of a query by agent, policy, profile, time and number. -1 with the diag of each, too. */
int store_list_scans(struct store *st, const struct store_list_query *q, store_listed_fn *each,
                     void *ctx, struct diag *d);

struct store_decision {
    uint64_t agent_id, line_id; /* as store_list_scans() gives them */
    int64_t end;
    unsigned revision;
    bool accepts; /* else it is revoked */
};

struct store_decided {
    bool is_change; /* false: it was so already */
    enum standing was, is;
    unsigned counted, counts; /* numbers of the revision that counted and counts; 0 = none */
};

/* Accepts or revokes one of the scans of a second, and repairs what derives from the one that counts.
 * Inside a transaction; store_next_late() after it. DIAG_RETRY: it is not there. */
int store_decide_scan(struct store *st, const struct store_decision *q, struct store_decided *ret,
                      struct diag *d);
/* ---- who was heard of, and how much of it ---- */

struct store_contact {
    struct str agent;
    int64_t at;
    bool is_listed; /* it counts although it has reported nothing yet */
};

/* Notes that agents were heard of; of those that are not listed only who has reported before, *ret_n in
 * all. An older time changes nothing. Inside a transaction. */
int store_put_contacts(struct store *st, const struct store_contact *v, size_t n, int64_t *ret_n,
                       struct diag *d);
/* When each of n agents was heard of last, by a scan or without one; CLOCK_NONE = never. */
int store_find_contacts(struct store *st, const struct str *agents, size_t n, int64_t *ret,
                        struct diag *d);

enum { STORE_POLICY_KEY = 8 }; /* bytes of a policy version in store_usage.policies */

struct store_usage { /* what an agent reported in a day */
    struct str agent;
    int64_t day; /* its midnight UTC */
    int64_t n_checks, n_bytes;
    struct str policies; /* keys of STORE_POLICY_KEY bytes */
};

/* Fills in what each of n different agents has used on its day; lock: inside a transaction, until its
 * end. */
int store_load_usages(struct store *st, struct store_usage *v, size_t n, bool lock,
                      struct arena *a, struct diag *d);
/* Adds to what they have used: v says what comes to it. Inside a transaction. */
int store_add_usages(struct store *st, const struct store_usage *v, size_t n, struct diag *d);

/* ---- who may report ---- */

struct store_line { /* what an agent reports */
    struct str policy, title, profile;
};

struct store_enrolment { /* an agent on the list */
    struct str name;
    bool frozen;
    int64_t added, changed;
    VEC(struct str) aliases;      /* other names it reports under */
    VEC(struct store_line) lines; /* of a frozen agent, when asked for */
};

struct store_enrolments {
    VEC(struct store_enrolment) v; /* by name */
};

/* The whole list. lock: inside a transaction, until its end. with_lines: also what frozen agents
 * have reported so far. */
int store_load_enrolments(struct store *st, bool lock, bool with_lines, struct arena *a,
                          struct store_enrolments *ret, struct diag *d);
typedef VEC(struct str) store_listings;

/* When agents that were taken off the list stood on it: the histories of model/duty.h. */
int store_load_listings(struct store *st, struct arena *a, store_listings *ret, struct diag *d);
/* Puts an agent and all its aliases in the place of what the list says of it. Inside a transaction.
 * DIAG_BUSY when another agent has one of the aliases. */
int store_put_enrolment(struct store *st, const struct store_enrolment *e, struct diag *d);
/* Takes an agent and its aliases off the list; its scans stay. Inside a transaction. */
int store_delete_enrolment(struct store *st, struct str name, struct diag *d);
struct store_agent_group {
    struct str name, group, alias; /* alias: as it calls itself, no identity */
};

/* The names of all groups that an agent is or was in; "" is that of agents without one and is left out. */
int store_load_groups(struct store *st, struct arena *a, struct str **ret, size_t *ret_n,
                      struct diag *d);
/* All agents that ever reported, by name, with the group they are stored under. */
int store_load_agent_groups(struct store *st, struct arena *a, struct store_agent_group **ret,
                            size_t *ret_n, struct diag *d);
/* Whether an agent of that name ever reported. */
int store_has_reported(struct store *st, struct str name, bool *ret, struct diag *d);
/* Puts an agent that has reported into a group, which is made when it is new; in reports, from that time on.
 * Inside a transaction. */
int store_move_agent(struct store *st, struct str name, struct str group, int64_t from,
                     struct diag *d);

/* ---- putting back what was changed behind the program's back ---- */

/* Takes out what the scans of a file name by hash and what is not, any more, what the name says: texts,
 * policy versions, evidence, sets of details, names of agents and groups. store_prepare() then puts
 * them anew. *ret_n: how many. Transactions of its own. */
int store_restore_named(struct store *st, const struct scan_file *f, int64_t *ret_n,
                        struct diag *d);

enum store_restored {
    STORE_AS_IT_WAS, /* the row is what the file makes; its line is made to agree with it */
    STORE_PUT_BACK,  /* it was missing, or another one: it is written anew */
    STORE_OF_ANOTHER /* the row names another file: nothing was done */
};

/* Puts a whole scan (no delta) of a prepared file back as it was stored at ingested_at. over: also where the
 * row names another file, whose hash is *ret_other else. Inside a transaction. */
int store_restore_scan(struct store *st, const struct scan_file *f, const struct scan *s,
                       int64_t ingested_at, bool over, enum store_restored *ret,
                       struct sha256_digest *ret_other, struct diag *d);

/* ---- what is stored, looked at as a whole ---- */

struct store_tables { /* rows that were looked at */
    int64_t n_scans, n_agents, n_policies, n_details, n_evidence;
    int64_t n_bad; /* that break a rule, or are not what they are named by */
};

/* Reads every row of every fact: those that cannot be, and those that are not what their name is the
 * hash of. The first is the failure (DIAG_BAD_DATA, the place is the row), some more are warnings. */
int store_verify_tables(struct store *st, struct store_tables *ret, struct diag *d);

struct store_schema {
    int64_t
        n_bad; /* tables, columns, indexes, views that are not as this program made them, and code */
    int64_t n_own;    /* of the site: tables, views, indexes that do no harm */
    int64_t n_unseen; /* views whose text the account may not see */
    bool sees_triggers,
        sees_events; /* false: the server tells the account of none, whatever there is */
};

/* Compares the schema with the one that this program makes. The first that does not fit is the failure
 * (DIAG_VERIFY, the place is what it is), others and what a site added are warnings. */
int store_verify_schema(struct store *st, struct store_schema *ret, struct diag *d);

/* ---- reading for reports ---- */

/* Loads the dataset of a query in one consistent snapshot. */
int store_load_fleet(struct store *st, const struct fleet_query *q, struct arena *a,
                     struct fleet *ret, struct diag *d);
/* The same, and in the same snapshot the fleet of the period before, from `before` to where the query begins: its
 * newest scans alone. Both are compared with the log at once. */
int store_load_fleets(struct store *st, const struct fleet_query *q, int64_t before,
                      struct arena *a, struct fleet *ret, struct fleet *ret_previous,
                      struct diag *d);

/* ---- how the fleet is now ---- */

struct store_overview_agent {
    struct str name, alias, os, address; /* alias: empty = none */
    size_t group;                        /* index into groups */
    int64_t contact, scanned; /* heard of last; its newest scan; CLOCK_NONE = never, none */
    struct tally counts;      /* of the newest scan of each policy */
    bool is_expected;         /* else it is there for its scan */
};

struct store_overview_line { /* the newest scan of a policy */
    struct str policy;
    int64_t end;
    bool is_partial;
    struct tally counts;
};

struct store_overview {
    struct str *groups;
    size_t n_groups;
    struct store_overview_agent *agents; /* that are expected, or have a scan; in no order */
    size_t n, n_room;
    VEC(struct store_overview_line) lines; /* of the agent, when the query names one */
    int64_t from, to;                      /* the times that scans have: [from, to) */
};

/* The newest scan of each agent and policy of the last q->window_s seconds, by counts alone, and who is expected: what
 * a report over these seconds would be made of. Of the query only groups, policy, agent and who is expected are looked
 * at; nothing is compared with the log. */
int store_load_overview(struct store *st, const struct fleet_query *q, struct arena *a,
                        struct store_overview *ret, struct diag *d);
/* When a result of each of n agents changed last, CLOCK_NONE = never. */
int store_find_changes(struct store *st, const struct str *agents, size_t n, int64_t *ret,
                       struct diag *d);

struct store_new_failure { /* a check that fails in the newest scan of a line, and did not in the one before */
    struct str agent, policy, check, title;
    int64_t end; /* of the scan */
};

/* All of an agent, or of all (empty), by agent, policy and the policy's order. */
int store_load_new_failures(struct store *st, struct str agent, struct arena *a,
                            struct store_new_failure **ret, size_t *ret_n, struct diag *d);

/* ---- categories of checks, derived anew ---- */

enum { STORE_TEXT = 16 }; /* bytes of the hash of a check's texts */

struct store_policy { /* a policy version */
    uint64_t policy_id;
    struct str id;
};

struct store_category { /* what the texts of a check count under */
    unsigned char text[STORE_TEXT];
    struct str category, source; /* as in struct scan_check; an empty source = it was never derived */
    struct str tables;           /* which tables said so */
};

/* All policy versions. */
int store_load_policies(struct store *st, struct arena *a, struct store_policy **ret, size_t *ret_n,
                        struct diag *d);
/* The checks of a policy version in its order, with texts and mappings. */
int store_load_policy_checks(struct store *st, uint64_t policy_id, struct arena *a,
                             struct scan_check **ret, size_t *ret_n, struct diag *d);
/* The hashes of their texts and what these count under, in the same order. */
int store_load_policy_categories(struct store *st, uint64_t policy_id, struct arena *a,
                                 struct store_category **ret, size_t *ret_n, struct diag *d);
/* Puts n categories in the place of what is kept. Inside a transaction. */
int store_put_categories(struct store *st, const struct store_category *v, size_t n,
                         struct diag *d);
/* How many texts have a category that other tables said, or none that was ever derived. */
int store_count_stale_categories(struct store *st, struct str tables, int64_t *ret, struct diag *d);

/* ---- detail sets of before schema 023 ---- */

struct store_carry { /* how far making them small is; zero = at the beginning */
    uint64_t agent_id, line_id;
    int64_t end;
    bool in_revisions, is_done;
    int64_t n_sets, bytes_before, bytes_after; /* made small so far */
};

/* How many there are, and their bytes. */
int store_count_large_details(struct store *st, int64_t *ret_n, int64_t *ret_bytes,
                              struct diag *d);
/* Makes the next of them small, inside a transaction; when that is rolled back, *at counts for nothing. Sets
 * that are not what they are named by, and those that schema 011 named by their scan, stay. */
int store_carry_details(struct store *st, struct store_carry *at, struct diag *d);

/* ---- report runs: a period is made once, by one host ---- */

struct store_run {
    struct str definition; /* name */
    struct str period_key;
    struct str state; /* "claimed", "done", "failed" */
    struct str host, report_id, dataset_hex, manifest_hex;
    struct str reason; /* of one that failed; no fact: the audit log has it, too */
    int64_t changed;
    bool is_over; /* the lease of a claimed one has run out; not written */
};

/* Claims (definition, period) for lease_s seconds: *ret_token != 0 when it is ours. A claim whose
 * lease ran out, or a failed one, can be taken over. Inside a transaction. */
int store_claim_run(struct store *st, struct str definition, struct str period_key, int lease_s,
                    uint64_t *ret_token, struct diag *d);
/* Holds a claim for lease_s seconds from now on; one that was lost stays lost. Inside a transaction. */
int store_keep_run(struct store *st, uint64_t token, int lease_s, struct diag *d);
/* The clock of the database, seconds: leases go by it. */
int store_clock(struct store *st, int64_t *ret, struct diag *d);
/* Marks the claimed run done (or failed). Inside a transaction; DIAG_BUSY when the token is stale.
 */
int store_finish_run(struct store *st, uint64_t token, const struct store_run *run, struct diag *d);
/* All runs of a definition, newest period last. */
int store_load_runs(struct store *st, struct str definition, struct arena *a,
                    struct store_run **ret, size_t *ret_n, struct diag *d);
/* How many runs of all definitions failed last time and were not made since. */
int store_count_failed_runs(struct store *st, int64_t *ret, struct diag *d);
/* The time of the oldest scan, CLOCK_NONE = none: where catching up begins. */
int store_first_scan(struct store *st, int64_t *ret, struct diag *d);

/* ---- the audit log: INSERT and SELECT only, but for pruning ---- */

struct store_record {
    int64_t seq;
    int64_t ts_us;
    struct str event, object_type, object_id;
    int outcome;               /* enum event_outcome */
    struct sha256_digest leaf; /* SHA-256(0x00 || rec) */
    struct str rec;            /* the canonical JSON, byte-exact; empty when it was pruned */
    bool is_pruned;
};

/* Locks the head row until the end of the transaction (take it last) and returns where the next
 * record goes: its seq and the leaf hash of the record before (zeros for seq 0). */
int store_lock_audit_head(struct store *st, int64_t *ret_seq, struct sha256_digest *ret_prev,
                          struct diag *d);
/* Appends n records with consecutive numbers at the locked head. */
int store_put_records(struct store *st, const struct store_record *r, size_t n, struct diag *d);
struct store_checkpoint { /* a signed statement about the log */
    struct str origin;    /* the key that signed it, NAME+ID */
    int64_t size;         /* records that it covers */
    int64_t made_us;
    struct str note;
};

/* Keeps a checkpoint, in the place of one of the same origin and size. */
int store_put_checkpoint(struct store *st, const struct store_checkpoint *c, struct diag *d);
/* All checkpoints, the smallest first. */
int store_load_checkpoints(struct store *st, struct arena *a, struct store_checkpoint **ret,
                           size_t *ret_n, struct diag *d);
struct store_anchor {  /* a checkpoint that an authority has time-stamped */
    struct str origin; /* as above */
    int64_t size;
    struct str note; /* the bytes that were stamped */
    struct str tsr;  /* the answer of RFC 3161, DER */
};

/* Keeps a time stamp, in the place of one of the same origin and size. */
int store_put_anchor(struct store *st, const struct store_anchor *c, int64_t made_us,
                     struct diag *d);
/* All of them, the smallest first. */
int store_load_anchors(struct store *st, struct arena *a, struct store_anchor **ret, size_t *ret_n,
                       struct diag *d);
/* The leaves of n records from seq on; DIAG_VERIFY when there are fewer. */
int store_load_leaves(struct store *st, int64_t from_seq, size_t n, struct sha256_digest *ret,
                      struct diag *d);
enum { STORE_TILE = 256 };

struct store_tile { /* of the tree over the log, audit/tiles.h */
    int level;
    int64_t at;
    size_t n;
    const struct sha256_digest *hashes;
};

/* The hashes of a tile; *ret_n = 0 when there is none. A cache: what it says has to be checked. */
int store_load_tile(struct store *st, int level, int64_t at, struct sha256_digest ret[STORE_TILE],
                    size_t *ret_n, struct diag *d);
/* Keeps n tiles, in the place of those that are there. */
int store_put_tiles(struct store *st, const struct store_tile *t, size_t n, struct diag *d);
/* Reads at most max records from seq on, in order. */
int store_load_records(struct store *st, int64_t from_seq, size_t max, struct arena *a,
                       struct store_record **ret, size_t *ret_n, struct diag *d);
/* The newest records ingest.file of success about n files (hex of their SHA-256): ret[i] of files[i], with
 * seq -1 where there is none. Reads the whole log once for some dozen files. */
int store_find_ingested(struct store *st, const struct str *files, size_t n, struct arena *a,
                        struct store_record *ret, struct diag *d);
/* The first of size records that has its text: all before were pruned. */
int store_first_kept(struct store *st, int64_t size, int64_t *ret, struct diag *d);
/* The first record from from_seq on that is not older than t (seconds); size when there is none. */
int store_first_since(struct store *st, int64_t from_seq, int64_t t, int64_t size, int64_t *ret,
                      struct diag *d);
/* Takes their text from the records from from_seq to before to_seq. An empty range changes nothing
 * and tells whether it is allowed (DIAG_CONFIG). */
int store_prune_records(struct store *st, int64_t from_seq, int64_t to_seq, struct diag *d);
/* The target that is furthest behind record seq, and the record that is next for it; an empty name
 * when all have what is before. */
int store_find_waiting(struct store *st, int64_t seq, struct arena *a, struct str *ret_target,
                       int64_t *ret_next, struct diag *d);
/* Size of the log and its newest leaf, without locking; *ret_size 0 = empty. */
int store_audit_size(struct store *st, int64_t *ret_size, struct sha256_digest *ret_last,
                     struct diag *d);

/* ---- delivery: how far each target of the log is, and whose it is at the moment ---- */

struct store_cursor {
    struct str target;
    int64_t seq;                    /* the record at hand */
    struct str piece;               /* the last of its messages that arrived; empty = none */
    int64_t told_seq;               /* records below it stand in an audit.export record */
    struct str owner;               /* who holds it, empty = nobody */
    int64_t lease_until;            /* CLOCK_NONE = nobody holds it */
    int64_t attempts;               /* that failed since the last success */
    int64_t wait_us;                /* until the next attempt is due; 0 = it is */
    int64_t failing_since, last_ok; /* CLOCK_NONE = is well, never; it fails now when attempts is not 0 */
    struct str error;               /* of the last attempt */
    int64_t deaths; /* of the connection with the next message alone, since the cursor is here */
};

/* The cursor of a target; one at record 0 when the target is new. */
int store_load_cursor(struct store *st, struct str target, struct arena *a,
                      struct store_cursor *ret, struct diag *d);
struct store_cursor_place { /* where a cursor stands, of all targets that ever had one */
    struct str target;
    int64_t seq, told_seq;
    bool is_owned, is_live; /* somebody took it and did not give it back; his lease runs */
};

/* All of them, by target. */
int store_load_cursors(struct store *st, struct arena *a, struct store_cursor_place **ret,
                       size_t *ret_n, struct diag *d);
/* The newest record that tells of records which a target got or was spared: *ret_rec is empty when there
 * is none, or its text was pruned. */
int store_find_told(struct store *st, struct str target, struct arena *a, struct str *ret_rec,
                    struct diag *d);
/* Takes it for lease_s seconds: *ret_fence is the number that moves it, 0 = another holds it. dead
 * is an owner that is known to be gone (empty = none). Autocommit, outside any transaction. */
int store_take_cursor(struct store *st, struct str target, struct str owner, struct str dead,
                      int lease_s, uint64_t *ret_fence, struct diag *d);
/* Writes seq, piece and told_seq, and the time of the last success when something arrived. When it
 * moves to another message, deaths begins at 0 again: they are counted for one message. This and the
 * next four: DIAG_BUSY when the fence is not ours any more; all of them keep the lease. */
int store_move_cursor(struct store *st, const struct store_cursor *c, uint64_t fence, bool arrived,
                      int lease_s, struct diag *d);
/* What the cursor says at the end of the transaction of the records it has told stands in the act's record,
 * too. */
void store_tell_cursor(struct store *st, struct str target);
/* Keeps the lease and changes nothing else. */
int store_keep_cursor(struct store *st, struct str target, uint64_t fence, int lease_s,
                      struct diag *d);
/* Notes a failure: c->attempts, c->deaths and c->error, the next attempt in wait_s seconds. */
int store_fail_cursor(struct store *st, const struct store_cursor *c, uint64_t fence,
                      int64_t wait_s, int lease_s, struct diag *d);
/* Notes that the target takes messages again; is_over: and has done so for so long that it is well. */
int store_recover_cursor(struct store *st, struct str target, uint64_t fence, bool is_over,
                         int lease_s, struct diag *d);
/* Gives it up. */
int store_release_cursor(struct store *st, struct str target, uint64_t fence, struct diag *d);

struct store_letter { /* a message that a target did not take */
    struct str target;
    int64_t seq;
    struct str piece; /* of the record, as in a cursor */
    struct str
        state; /* "refused"; "reduced": a short form arrived; "unreadable": nothing to send */
    struct str reason; /* what the target said */
    int64_t size;      /* bytes of the record */
    int64_t made;
};

/* Keeps a letter, in the place of an older one of that message. Inside a transaction. */
int store_put_letter(struct store *st, const struct store_letter *l, struct diag *d);
/* All letters by seq. */
int store_load_letters(struct store *st, struct arena *a, struct store_letter **ret, size_t *ret_n,
                       struct diag *d);
/* Forgets one that was delivered after all. Inside a transaction; DIAG_BUSY when it is gone. */
int store_delete_letter(struct store *st, const struct store_letter *l, struct diag *d);

/* ---- configuration seen last, to audit changes ---- */

/* The value remembered under key; empty when none. */
int store_load_setting(struct store *st, struct str key, struct arena *a, struct str *ret,
                       struct diag *d);
/* Remembers a value (inside a transaction). */
int store_put_setting(struct store *st, struct str key, struct str value, struct diag *d);

#endif
