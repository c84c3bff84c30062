/* Settings of a site: assay.conf and its defaults.
 * What:   "key = value" lines, # comments; unknown keys are errors that name file and line. Without
 *         a file everything has a default that works for one host: state below /var/lib/assay for
 *         root, ~/.local/state/assay for others.
 * Owner:  texts live in the arena given to config_load.
 * Units:  seconds, days.
 * Errors: DIAG_CONFIG with file:line.   See: doc/man/assay.conf.5 */
#ifndef SETTINGS_CONFIG_H
#define SETTINGS_CONFIG_H

#include "base/diag.h"

enum config_send { SEND_AUDIT, SEND_RESULTS, SEND_ALL }; /* what a target gets */

struct config_export {        /* one target of the audit log */
    struct str name;          /* of its cursor; empty = "FORMAT:TARGET" */
    struct str format;        /* of the encoders: "rfc5424", "cef" … */
    struct str path;          /* file, appended to; or SCHEME://HOST:PORT */
    enum config_send send;    /* records, what scans brought, or both */
    struct str events;        /* of records: patterns as in glob(7), by commas; empty = all */
    struct str group;         /* of results: the groups that fit, the same way */
    int64_t min_severity;     /* 0 to 10 */
    int64_t max;              /* bytes of one message of syslog */
    int64_t facility;         /* of syslog */
    bool bom;                 /* before MSG of RFC 5424 */
    bool legacy, ack_less;    /* as in deliver/outlet.h */
    int64_t ack_s, confirm_s; /* the same; ask a receiver that does not answer so often */
    int64_t rotate_bytes, rotate_keep;
    struct str token_file;                /* its first line is the token; empty = none */
    struct str tls_ca, tls_cert, tls_key; /* in the place of those for all targets */
};

struct config_group {         /* agents that name no group: the first pattern that fits decides */
    struct str name, pattern; /* pattern as in glob(7) */
};

struct config_password { /* the password of a group */
    struct str group, hash;
};

struct config_agent { /* an agent that may report */
    struct str name;
    VEC(struct str) aliases;
};

enum config_enrol { ENROL_OPEN, ENROL_PASSWORD, ENROL_LISTED };

enum config_anchor { ANCHOR_NO, ANCHOR_DAILY, ANCHOR_HOURLY, ANCHOR_EACH };

enum { CONFIG_MAX_JOBS = 64 };

struct config {
    struct str path;        /* file read; empty = none */
    struct str state_dir;   /* database, keys */
    struct str option_file; /* my.cnf; empty = the embedded server */
    struct str database;
    struct str spool_dir, reports_dir, templates_dir;
    bool spool_delete; /* remove what was stored instead of keeping it in done/ */
    int64_t spool_settle_s;
    int64_t jobs;                              /* files parsed at the same time */
    bool confine;                              /* parse in a sandbox */
    int64_t parser_memory_mib, parser_seconds; /* of one file */
    struct str organisation, classification, language, zone;
    struct str origin; /* name of the audit log */
    int64_t audit_keep_months;
    int64_t audit_heartbeat_s;       /* how often a checkpoint is made at least */
    struct str audit_publish_dir;    /* where the log is published as files; empty = nowhere */
    enum config_anchor audit_anchor; /* how often checkpoints are time-stamped */
    struct str tsa_url, tsa_ca;      /* the authority, and the certificates it is trusted by */
    struct str tsa_policy;           /* OID, empty = the authority's own */
    struct str tsa_user_file;        /* first line USER:PASSWORD, empty = none is asked */
    VEC(struct str) witnesses;       /* vkeys whose cosignatures count */
    VEC(struct str) witness_asks;    /* where they are asked: commands, or unix:PATH */
    struct str sign_cert, sign_key, sign_p12, sign_passphrase_file;
    bool sign;             /* false: sign = no */
    struct str trust_file; /* certificates that verify trusts */
    bool suggestion_informational;
    struct str fallback_encoding; /* of XML that names none and is not UTF-8; empty = refuse */
    struct str paper;
    VEC(struct config_export) exports;
    int64_t export_heartbeat_s; /* of audit export --follow; 0 = none */
    struct str metrics_file;    /* for the collector of node_exporter; empty = none */
    VEC(struct config_group) groups;
    enum config_enrol enrol;
    struct str agent_certs; /* file or folder of certificates; empty = signatures are not checked */
    bool require_signature;
    struct str tls_ca, tls_cert, tls_key; /* of exports over TLS; empty = the system's, none */
    VEC(struct config_password) passwords;
    VEC(struct config_agent) agents;
};

/* Loads path (NULL = $ASSAY_CONFIG, else /etc/assay/assay.conf when it exists, else defaults only).
 * state_dir, when not NULL, wins over the file. */
int config_load(const char *path, const char *state_dir, struct arena *a, struct config *ret,
                struct diag *d);
/* "key = value" of every setting, one a line, without secrets: for doctor and for the audit log. */
struct str config_print(const struct config *c, struct arena *a);

#endif
