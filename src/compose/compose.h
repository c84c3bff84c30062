/* Dataset + definition + language -> struct report. The door of the room.
 * What:   asks the engine for numbers and writes them into sections, tables, charts and sentences
 *         in the reader's language. No I/O, no clock: same inputs, same report, same dataset hash.
 * Owner:  the report lives in the arena and points into the fleet and the language.
 * Units:  see model/report.h.
 * Errors: none; a section without data says so in words.
 * See:    doc/reports/ */
#ifndef COMPOSE_COMPOSE_H
#define COMPOSE_COMPOSE_H

#include "model/definition.h"
#include "model/fleet.h"
#include "model/identity.h"
#include "model/report.h"

/* A clock that is wrong by more than this makes the times of a report doubtful; seconds. */
enum { COMPOSE_CLOCK_OFF = 300 };

struct compose_input {
    const struct definition *definition;
    const struct fleet *fleet;    /* of the period */
    const struct fleet *previous; /* of the period before, NULL = no comparison */
    const struct lang *lang;
    struct report_identity identity; /* with its version */
    int64_t now;       /* when the report is made */
    int64_t as_of;     /* data as they were known then; 0 = as they are known now */
    int64_t clock_off; /* seconds that this host's clock is ahead of the database's */
    struct str zone;   /* its name; empty = none was set */
    struct str generated_by, tool;
    int64_t audit_seq;
    struct str audit_hash_hex, signer, signer_fingerprint;
    struct report_checkpoint checkpoint;
    bool with_brief; /* somebody will be sent a mail about it */
};

/* The kinds of sections there are, ended by a NULL word: what a definition may name. */
extern const struct section_type section_types[];
/* Makes the report. */
void compose_report(const struct compose_input *in, struct arena *a, struct report *ret);
/* SHA-256 over every number and text of the report that is not about its making (generated at,
 * audit head, signer): equal data give an equal hash. compose_report sets report.dataset by it. */
struct sha256_digest compose_dataset_hash(const struct report *r);

#endif
