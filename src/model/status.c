/* The words of results and severities. */
#include "model/status.h"

#include <assert.h>

static const struct {
    const char *word;
    enum status_class class;
    int badness;
} statuses[STATUS__COUNT] = {
    [STATUS_NONE] = {"none", CLASS_NONE, 0},
    [STATUS_PASS] = {"pass", CLASS_PASSED, 6},
    [STATUS_FIXED] = {"fixed", CLASS_PASSED, 5},
    [STATUS_FAIL] = {"fail", CLASS_FAILED, 9},
    [STATUS_ERROR] = {"error", CLASS_SKIPPED, 10},
    [STATUS_UNKNOWN] = {"unknown", CLASS_SKIPPED, 8},
    [STATUS_NOTCHECKED] = {"notchecked", CLASS_SKIPPED, 7},
    [STATUS_NOTAPPLICABLE] = {"notapplicable", CLASS_SKIPPED, 2},
    [STATUS_INFORMATIONAL] = {"informational", CLASS_SKIPPED, 4},
    [STATUS_NOTSELECTED] = {"notselected", CLASS_NONE, 1},
    [STATUS_WAIVED] = {"waived", CLASS_WAIVED, 3},
};

static const char *const severities[SEVERITY__COUNT] = {
    [SEVERITY_UNKNOWN] = "unknown", [SEVERITY_INFORMATIONAL] = "informational",
    [SEVERITY_LOW] = "low",         [SEVERITY_MEDIUM] = "medium",
    [SEVERITY_HIGH] = "high",       [SEVERITY_CRITICAL] = "critical",
};

const char *
status_word(enum status s)
{
    assert(s < STATUS__COUNT);
    return statuses[s].word;
}

enum status
status_from_word(struct str word)
{
    for (int s = 1; s < STATUS__COUNT; s++)
        if (str_eqc(word, statuses[s].word))
            return (enum status)s;
    return STATUS_NONE;
}

enum status_class
status_class(enum status s)
{
    assert(s < STATUS__COUNT);
    return statuses[s].class;
}

enum status
status_worse(enum status a, enum status b)
{
    assert(a < STATUS__COUNT && b < STATUS__COUNT);
    return statuses[a].badness >= statuses[b].badness ? a : b;
}

const char *
severity_word(enum severity s)
{
    assert(s < SEVERITY__COUNT);
    return severities[s];
}

enum severity
severity_from_word(struct str word)
{
    for (int s = 0; s < SEVERITY__COUNT; s++)
        if (str_ieqc(word, severities[s]))
            return (enum severity)s;
    if (str_ieqc(word, "info"))
        return SEVERITY_INFORMATIONAL;
    if (str_ieqc(word, "moderate"))
        return SEVERITY_MEDIUM;
    return str_ieqc(word, "important") ? SEVERITY_HIGH : SEVERITY_UNKNOWN;
}
