/* Assessment results of OSCAL in the making; shared by oscal.c and row.c.
 * What:   each word about a check is kept as a row; which host it speaks of is known at the end,
 *         when the inventory has been seen.
 * Owner:  everything lives in the arena of the file.
 * Units:  a result's position counts from 0.
 * Errors: DIAG_TOO_BIG (too many rows); what names no check becomes a warning.
 * See:    doc/formats/oscal.md */
#ifndef INGEST_READERS_OSCAL_OSCAL_H
#define INGEST_READERS_OSCAL_OSCAL_H

#include "ingest/build.h"
#include "ingest/json_reader.h"

/* One word about one check. */
struct oscal_row {
    size_t result;
    bool is_finding, is_bare, is_item; /* is_item: the subject is one of the inventory */
    bool zone_assumed;
    struct str subject; /* uuid, or empty */
    struct str subject_title; /* of an item, as the observation calls it; may be empty */
    struct str id, title, description;
    enum severity severity;
    struct scan_result found;
};

/* An inventory item, or what an observation says of one that the file does not hold. */
struct oscal_item {
    struct scan_asset asset; /* named, when anything names it */
    struct str key;          /* tells it from the others of its result; empty = nobody */
};

/* A scan in the making, and the result of the file that it is of. */
struct oscal_part {
    struct build build;
    size_t result;
    int64_t last; /* time of the last of its rows */
    bool is_finding;
};

/* The reader's own state. */
struct oscal {
    VEC(struct oscal_row) rows;
    VEC(struct oscal_part) parts;
    struct map *by_key;
    struct map *items; /* "result/uuid" -> struct oscal_item; "result/" -> the only one */
    struct oscal_item *nobody; /* whom results speak of that name no item */
    size_t n_left_out;         /* words that name no check */
};

/* Keeps the words of an observation; result, is_finding and is_bare of row are set. */
int oscal_row_observation(struct ingest_reader *r, struct oscal_row row, const json_t *v);
/* Keeps the state of a finding; row as above. */
int oscal_row_finding(struct ingest_reader *r, struct oscal_row row, const json_t *v);
/* The value of the prop of that name, compared without case, '-', '_' and blanks; at most max bytes. */
struct str oscal_row_prop(struct ingest_reader *r, const json_t *v, const char *name, size_t max);

#endif
