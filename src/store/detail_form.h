/* The small form of a detail set: what differs from another set, which is called its base.
 * What:   a set in memory says of each position what it says of that check; sets of one policy version
 *         say nearly the same, so a set is written as what it has in common with its base, and its own
 *         texts as pieces of the base's text and what stands between them. The bytes are as SQL's
 *         COMPRESS() makes them, so that the view v_findings reads them, too.
 * Owner:  the given arena. Texts may be views of the bytes that were unpacked, and of the base.
 * Units:  positions in the policy's order.
 * Errors: DIAG_BAD_DATA: the text names the rule that the bytes break. Nobody is believed: lengths, positions
 *         and pieces are checked, and what comes out is bounded.
 * See:    doc/detail-sets.md lists every byte; doc/decisions/0031-detail-sets.md; sql/schema/023 */
#ifndef STORE_DETAIL_FORM_H
#define STORE_DETAIL_FORM_H

#include "base/diag.h"
#include "store/ids.h"

enum {
    DETAIL_MOST_BYTES = 8 << 20, /* of a set before it is compressed */
    DETAIL_MOST_HERE = 512,      /* bytes of its own that a text may bring and stand in the set */
    DETAIL_MOST_BASE = 16 << 10  /* the same of a base, which many sets share */
};

enum detail_evidence {
    DETAIL_NONE,
    DETAIL_HERE, /* the set has the text */
    DETAIL_NAMED /* the table evidence has it */
};

struct detail_text {           /* what a set says of a check */
    struct str native, waiver; /* "" = the status's own word, none */
    struct str evidence;       /* NAMED: when it was loaded */
    struct hash16 hash;        /* of the evidence, also of one that is here; zeros = none */
    unsigned n;                /* results folded into one */
    enum severity severity;    /* SEVERITY_UNKNOWN = as the check says */
    enum detail_evidence kind;
};

struct detail_form {
    struct detail_text **at; /* by position; NULL = nothing is said of that check */
    size_t n_pos;            /* the last one says something; 0 = nothing is said */
    size_t n;                /* checks of which something is said */
};

/* What is said of a position; NULL = nothing. */
const struct detail_text *detail_form_at(const struct detail_form *f, size_t pos);
/* The bytes of a set, not compressed yet, as it differs from base (NULL = there is none); marks those texts
 * of f that stand in it as HERE, the others as NAMED. Texts of more than most_here bytes of their own are
 * named. "" = it cannot be said in this form. */
struct str detail_form_pack(struct detail_form *f, const struct detail_form *base, size_t most_here,
                            struct arena *a);
/* A set from its bytes. */
int detail_form_unpack(struct str body, const struct detail_form *base, struct arena *a,
                       struct detail_form *ret, struct diag *d);
/* The bytes as SQL's COMPRESS() makes them. */
struct str detail_form_deflate(struct str body, struct arena *a);
/* And back. */
int detail_form_inflate(struct str packed, struct arena *a, struct str *ret, struct diag *d);

#endif
