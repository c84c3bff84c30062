/* The table behind words.h; used by the Wazuh and Pandora readers. */
#include "ingest/words.h"

#include <ctype.h>
#include <stddef.h>

static const struct {
    const char *word;
    enum status status;
} words[] = {
    {"pass", STATUS_PASS},
    {"passed", STATUS_PASS},
    {"fixed", STATUS_FIXED},
    {"fail", STATUS_FAIL},
    {"failed", STATUS_FAIL},
    {"error", STATUS_ERROR},
    {"unknown", STATUS_UNKNOWN},
    {"notchecked", STATUS_NOTCHECKED},
    {"not checked", STATUS_NOTCHECKED},
    {"not run", STATUS_NOTCHECKED},
    {"notapplicable", STATUS_NOTAPPLICABLE},
    {"not applicable", STATUS_NOTAPPLICABLE},
    {"not applied", STATUS_NOTAPPLICABLE},
    {"invalid", STATUS_NOTAPPLICABLE},
    {"skipped", STATUS_NOTAPPLICABLE},
    {"informational", STATUS_INFORMATIONAL},
    {"info", STATUS_INFORMATIONAL},
    {"notselected", STATUS_NOTSELECTED},
    {"not selected", STATUS_NOTSELECTED},
    {"waived", STATUS_WAIVED},
};

static bool
same_word(struct str a, const char *b)
{
    size_t i = 0;
    for (; i < a.len && b[i]; i++) {
        char c = a.s[i] == '_' || a.s[i] == '-' ? ' ' : (char)tolower((unsigned char)a.s[i]);
        if (c != b[i])
            return false;
    }
    return i == a.len && !b[i];
}

static enum status
find_word(struct str word)
{
    word = str_trim(word);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (same_word(word, words[i].word))
            return words[i].status;
    return STATUS_NONE;
}

enum status
words_status(struct str word)
{
    enum status s = find_word(word);
    return s == STATUS_NONE ? STATUS_UNKNOWN : s;
}

bool
words_known(struct str word)
{
    return find_word(word) != STATUS_NONE;
}
