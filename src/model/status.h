/* The ten words of a check's result, and its severity.
 * What:   every scanner's own word is mapped to one of these and kept beside it. The numbers are
 *         stored (4 bits a check in packed vectors) and never change.
 *         Zero is "no result", so that memory nobody wrote is never a pass.
 * Owner:  static.   Units: none.   Errors: an unknown word is STATUS_UNKNOWN, never pass.
 * See:    XCCDF 1.2 (NISTIR 7275r4) §6.6.4.2 */
#ifndef MODEL_STATUS_H
#define MODEL_STATUS_H

#include "base/str.h"

enum status {
    STATUS_NONE = 0, /* the scan says nothing about this check */
    STATUS_PASS = 1,
    STATUS_FIXED = 2,
    STATUS_FAIL = 3,
    STATUS_ERROR = 4,
    STATUS_UNKNOWN = 5,
    STATUS_NOTCHECKED = 6,
    STATUS_NOTAPPLICABLE = 7,
    STATUS_INFORMATIONAL = 8,
    STATUS_NOTSELECTED = 9, /* counted, never stored as a result */
    STATUS_WAIVED = 10,
    STATUS__COUNT = 11
};

/* How reports fold the ten words: shown as Passed, Failed, Skipped (and Waived). */
enum status_class {
    CLASS_NONE,    /* no result, notselected */
    CLASS_PASSED,  /* pass, fixed */
    CLASS_FAILED,  /* fail */
    CLASS_SKIPPED, /* notapplicable, notchecked, unknown, error, informational */
    CLASS_WAIVED,
    CLASS__COUNT
};

enum severity {
    SEVERITY_UNKNOWN,
    SEVERITY_INFORMATIONAL,
    SEVERITY_LOW,
    SEVERITY_MEDIUM,
    SEVERITY_HIGH,
    SEVERITY_CRITICAL,
    SEVERITY__COUNT
};

/* Stable lower-case word, e.g. "notapplicable". */
const char *status_word(enum status s);
/* The status of one of our words; STATUS_NONE when it is none of them. */
enum status status_from_word(struct str word);
/* The class of a status. */
enum status_class status_class(enum status s);
/* The worse of two results of one check: error > fail > unknown > notchecked > pass > fixed >
 * informational > waived > notapplicable > notselected > none. */
enum status status_worse(enum status a, enum status b);
/* Stable lower-case word, e.g. "high". */
const char *severity_word(enum severity s);
/* The severity of a word, also "info", "moderate", "important"; SEVERITY_UNKNOWN otherwise. */
enum severity severity_from_word(struct str word);

#endif
