/* What a scan says of single checks beyond their status: evidence, severity, the scanner's own word,
 * a waiver, how often.
 * What:   a set of fixed-width records in the order of the policy version's positions, of checks that
 *         are findings or have evidence; and the words that they point at, some megabytes at most: of
 *         waivers beyond that it is said that they are not kept. Sets are named by their hash and
 *         shared by scans that say the same. This is the form that a set is named by, and the one that
 *         rows had before schema 023; since then rows are smaller (detail_form.h), and come back to
 *         this one before they are compared with their names.
 * Owner:  the given arena.
 * Units:  positions in the policy's order.
 * Errors: none.
 * See:    sql/schema/011-details.sql; doc/detail-sets.md */
#ifndef STORE_DETAIL_H
#define STORE_DETAIL_H

#include "store/detail_form.h"

struct fold;

enum { DETAIL_SIZE = 4 + 16 + 1 + 4 + 3 + 3 }; /* as in struct detail, numbers big-endian */

struct detail {
    size_t pos;
    struct hash16 evidence; /* valid when has_evidence; zeros = none */
    enum severity severity; /* SEVERITY_UNKNOWN = as the check says */
    unsigned n;             /* results folded into one */
    size_t native, waiver;  /* where the words begin; 0 = the status's own word, no waiver */
    bool has_evidence;
};

struct details {
    struct str records; /* empty = there is nothing to say */
    struct str words;   /* each behind its length of 3 bytes; the first is empty */
    struct hash16 hash;
};

/* The details of a folded scan. */
void detail_pack(const struct fold *f, struct arena *a, struct details *ret);
/* The same of a set that was read. */
void detail_pack_form(const struct detail_form *f, struct arena *a, struct details *ret);
/* What a set says, position by position; it keeps the rules (rules_details()). Texts are views of words,
 * evidence is named. */
void detail_spell(struct str records, struct str words, struct arena *a, struct detail_form *ret);
/* The same of a set that detail_pack() made of f, with the texts of its evidence. */
void detail_spell_fold(const struct fold *f, struct arena *a, struct detail_form *ret);
/* True when the set has the hash of what it says; sets of schema 010 have one of their own. */
bool detail_is_named(struct str records, struct str words, const struct hash16 *name);
/* True when the name is one that schema 011 made for the set of a scan: of its place, not of what it says. */
bool detail_is_named_by(uint64_t agent_id, uint64_t line_id, int64_t end,
                        const struct hash16 *name);
/* Number of records. */
size_t detail_count(struct str records);
/* Record i < detail_count(). */
struct detail detail_at(struct str records, size_t i);
/* The record of position pos; false = there is none. */
bool detail_find(struct str records, size_t pos, struct detail *ret);
/* The word that begins there, in the given memory; "" when none does. */
struct str detail_word(struct str words, size_t at);

#endif
