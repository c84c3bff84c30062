/* Statuses of HTTP. Behind every outlet that speaks it: webhook.c, elastic.c, hec.c. */
#include "deliver/verdict.h"

#include <string.h>

#include "base/utf8.h"

enum { MAX_SAID = 200 };

/* The first row that holds the status; the last row of a range holds what has none of its own. */
static const struct {
    long from, to;
    enum diag_code code;
    const char *text;
} rows[] = {
    {200, 299, DIAG_OK, "taken"},
    {300, 399, DIAG_CONFIG, "it sends us elsewhere, and nothing is sent there: name that place"},
    {401, 401, DIAG_CONFIG, "the token is not taken"},
    {403, 403, DIAG_CONFIG, "the token or the certificate may not do this"},
    {404, 404, DIAG_CONFIG, "there is nothing at this path"},
    {405, 405, DIAG_CONFIG, "it takes nothing at this path"},
    {406, 406, DIAG_CONFIG, "it does not speak our kind of JSON"},
    {407, 407, DIAG_CONFIG, "a proxy wants to know who we are"},
    {410, 410, DIAG_CONFIG, "there is nothing at this path any more"},
    {415, 415, DIAG_CONFIG, "it does not take what this format is"},
    {408, 408, DIAG_UNAVAILABLE, "it took too long for the server"},
    {409, 409, DIAG_UNAVAILABLE, "it is still busy with the same"},
    {425, 425, DIAG_UNAVAILABLE, "too early"},
    {429, 429, DIAG_UNAVAILABLE, "too much at the moment"},
    {413, 413, DIAG_CANNOT_WRITE, "too large"},
    {400, 499, DIAG_CANNOT_WRITE, "refused"},
    {501, 501, DIAG_CONFIG, "it cannot do this"},
    {505, 505, DIAG_CONFIG, "it does not speak our HTTP"},
    {500, 599, DIAG_UNAVAILABLE, "the server is in trouble"},
    {0, 999, DIAG_UNAVAILABLE, "no status of HTTP"},
};

static size_t
verdict_find_row(long status)
{
    size_t last = sizeof rows / sizeof *rows - 1, i = 0;
    while (i < last && (status < rows[i].from || status > rows[i].to))
        i++;
    return i;
}

enum diag_code
verdict_code(long status)
{
    return rows[verdict_find_row(status)].code;
}

struct str
verdict_said(struct str said, struct str secret, struct arena *a)
{
    if (secret.len && memmem(said.s, said.len, secret.s, secret.len))
        return STR("");
    struct str line = utf8_one_line(a, utf8_repair(a, utf8_cut(said, MAX_SAID)));
    return str_trim(utf8_cut(line, MAX_SAID)); /* what is made visible is longer */
}

int
verdict_of(long status, struct str said, struct str secret, struct diag *d)
{
    size_t row = verdict_find_row(status);
    struct str text = verdict_said(said, secret, d->arena);
    if (rows[row].code == DIAG_OK)
        return 0;
    return diag_fail(d, rows[row].code, "%ld: %s%s%.*s", status, rows[row].text,
                     text.len ? ": " : "", STR_ARG(text));
}
