/* Refusals by the first bytes; asked by detect.c when no reader wants a file. */
#include "ingest/lookalike.h"

#include <string.h>
#include <strings.h>

/* Where the telling bytes stand, and what they are; the first row that fits wins. */
static const struct {
    size_t at;
    struct str magic;
    const char *why;
} by_bytes[] = {
    {0, STR_INIT("%PDF-"), "a PDF document: export the results as XML or JSON"},
    {0, STR_INIT("\x89PNG"), "an image, not a scan result"},
    {0, STR_INIT("\xff\xd8\xff"), "an image, not a scan result"},
    {0, STR_INIT("7z\xbc\xaf\x27\x1c"), "a 7-Zip archive: unpack it, one result a file"},
    {0, STR_INIT("Rar!\x1a"), "a RAR archive: unpack it, one result a file"},
    {0, STR_INIT("\xd0\xcf\x11\xe0"), "an Office document: export the results as XML or JSON"},
    {0, STR_INIT("MSCF"), "a cabinet archive: unpack it, one result a file"},
    {0, STR_INIT("SQLite format 3"), "a SQLite database: export the results as XML or JSON"},
    {0,
     STR_INIT("\x7f"
              "ELF"),
     "a program, not a scan result"},
    {0, STR_INIT("MZ\x90"), "a Windows program, not a scan result"},
    {257, STR_INIT("ustar"), "a tar archive: unpack it, one result a file"},
    {0, STR_INIT("-----BEGIN "), "a key, certificate or signature, not a scan result"},
};

/* Words in the first lines of a text; the first row that fits wins. */
static const struct {
    const char *word, *and_word, *why;
} by_words[] = {
    {"** Alert ", "Rule: ",
     "the text of the alerts of a Wazuh manager (alerts.log): take alerts.json beside it"},
    {"\n<?xml ", NULL, "other text stands before the XML: remove what is before <?xml"},
    {"Starting Lynis", NULL, "the log of Lynis: its results are in lynis-report.dat"},
    {"apiVersion:", "kind:", "a Kubernetes object: take the results out of it, one a file"},
    {"policy:", "checks:", "a Wazuh SCA policy: it holds the checks, not their results"},
    {"Permission denied", NULL,
     "it looks like the message of a transfer that failed: the file was not copied"},
    {"No such file or directory", NULL,
     "it looks like the message of a transfer that failed: the file was not copied"},
    {"Connection refused", NULL,
     "it looks like the message of a transfer that failed: the file was not copied"},
    {"command not found", NULL, "it looks like the message of a scan that did not start"},
};

enum { LOOK_AT = 4096 };

static bool
holds(struct str s, const char *word)
{
    return !word || str_find(s, word) >= 0;
}

/* A head line of three or more names, and no brackets. */
static bool
is_table(struct str s)
{
    struct str line = str_cut(&s, '\n');
    size_t n = 0;
    for (size_t i = 0; i < line.len; i++) {
        n += line.s[i] == ',' || line.s[i] == ';' || line.s[i] == '\t';
        if (strchr("{}[]<>=", line.s[i]))
            return false;
    }
    return n >= 2 && s.len > 0;
}

const char *
lookalike_name(struct str bytes)
{
    struct str head = bytes.len < LOOK_AT ? bytes : str_n(bytes.s, LOOK_AT);
    for (size_t i = 0; i < sizeof by_bytes / sizeof *by_bytes; i++) {
        size_t at = by_bytes[i].at;
        struct str magic = by_bytes[i].magic;
        if (bytes.len >= at + magic.len && memcmp(bytes.s + at, magic.s, magic.len) == 0)
            return by_bytes[i].why;
    }
    if (memchr(head.s, 0, head.len))
        return NULL;
    for (size_t i = 0; i < sizeof by_words / sizeof *by_words; i++)
        if (holds(head, by_words[i].word) && holds(head, by_words[i].and_word))
            return by_words[i].why;
    if (is_table(head))
        return "it looks like a table (CSV), which no reader takes: export XML or JSON";
    return NULL;
}

bool
lookalike_is_html(struct str bytes)
{
    static const char *const tags[] = {"<!doctype html", "<html", "<head", "<body"};
    struct str s = str_trim(bytes);
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (s.len >= strlen(tags[i]) && strncasecmp(s.s, tags[i], strlen(tags[i])) == 0)
            return true;
    return false;
}
