/* Settings of a site: assay.conf and its defaults.
 * What:   "key = value" lines, # comments; unknown keys are errors that name file and line. Behind a
 *         file called assay.conf come the files conf.d/NAME.conf beside it, in the order of their names: of
 *         a key that stands once the last value counts, of a list all elements do. The members stand in keys.h, those of a target in target_keys.h. Without a file everything
 *         has a default that works for one host: state below /var/lib/assay for root,
 *         ~/.local/state/assay for others.
 * Owner:  texts live in the arena given to config_load.
 * Units:  seconds, days.
 * Errors: DIAG_CONFIG with file:line.   See: doc/man/assay.conf.5 */
#ifndef SETTINGS_CONFIG_H
#define SETTINGS_CONFIG_H

#include "base/diag.h"
#include "settings/settings.h"

enum { CONFIG_MAX_JOBS = 64 };

/* Two kinds of rows of keys.h and target_keys.h are enums. */
#define TEXT(...)
#define CHECKED(...)
#define FLAG(...)
#define NUMBER(...)
#define OF(constant, word)                       constant,
#define WORD(type, member, key, standard, words) enum type { words };
#define LIST(...)
#include "settings/keys.h"
#define TEXT(...)
#define CHECKED(...)
#define FLAG(...)
#define NUMBER(...)
#define OF(constant, word)                       constant,
#define WORD(type, member, key, standard, words) enum type { words };
#include "settings/target_keys.h"

struct config_export { /* one target of the audit log */
    struct str format; /* of the encoders: "rfc5424", "cef" … */
    struct str path;   /* file, appended to; or SCHEME://HOST:PORT */
#define TEXT(member, ...)       struct str member;
#define CHECKED(member, ...)    struct str member;
#define FLAG(member, ...)       bool member;
#define NUMBER(member, ...)     int64_t member;
#define WORD(type, member, ...) enum type member;
#include "settings/target_keys.h"
};

struct config_recipient { /* of reports */
    struct str kind, target; /* "mail", "officer@example.net" */
#define TEXT(member, ...)    struct str member;
#define CHECKED(member, ...) struct str member;
#define FLAG(member, ...)    bool member;
#define NUMBER(member, ...)  int64_t member;
#include "settings/recipient_keys.h"
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

struct config {
    struct str path; /* of the settings; empty = none were read */
    VEC(struct str)
    files; /* that were read, in order: the one of path, those of conf.d beside it */
    bool waits_for_ever; /* for the database: not of the file, but of a command that stays */
#define TEXT(member, ...)       struct str member;
#define CHECKED(member, ...)    struct str member;
#define FLAG(member, ...)       bool member;
#define NUMBER(member, ...)     int64_t member;
#define WORD(type, member, ...) enum type member;
#define LIST(type, member, ...) VEC(type) member;
#include "settings/keys.h"
};

/* Loads path (NULL = $ASSAY_CONFIG unless that is empty, else /etc/assay/assay.conf when it exists) and its
 * conf.d; defaults only when there is neither. state_dir, when not NULL, wins over the files; a relative one
 * is of the folder that this process is in. */
int config_load(const char *path, const char *state_dir, struct arena *a, struct config *ret,
                struct diag *d);
/* "key = value" of every setting, one a line, without secrets: for doctor and for the audit log. */
struct str config_print(const struct config *c, struct arena *a);
/* The rows of assay.conf. */
const struct setting *config_rows(size_t *ret_n);

#endif
