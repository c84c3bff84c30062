/* Exported events read again, of records and of results, as far as they speak of the log. Called by
 * ledger/expected.c for lines that somebody kept; knows where each encoder puts seq and hash, and nothing
 * else of the formats. */
#include "audit/recall.h"

#include <assert.h>
#include <string.h>

#include <jansson.h>

#include "base/auto.h"

AUTO_DEFINE(json_t *, json_decref)

/* ---- JSON ---- */

static const struct place { /* of the two members */
    const char *seq_in, *seq, *leaf_in, *leaf;
} places[] = {
    {"event", "sequence", "event", "hash"},       /* ECS */
    {"metadata", "sequence", "unmapped", "leaf"}, /* OCSF */
    {NULL, "_seq", NULL, "_leaf"},                /* GELF */
    {NULL, "seq", NULL, "leaf"},                  /* results as JSON lines */
};

static bool
recall_members(struct str line, struct audit_recalled *ret)
{
    AUTO(json_decref_auto) json_t *o = json_loadb(line.s, line.len, JSON_ALLOW_NUL, NULL);
    for (size_t i = 0; o && i < sizeof places / sizeof *places; i++) {
        const struct place *p = &places[i];
        const json_t *seq_in = p->seq_in ? json_object_get(o, p->seq_in) : o;
        const json_t *leaf_in = p->leaf_in ? json_object_get(o, p->leaf_in) : o;
        const json_t *seq = json_object_get(seq_in, p->seq),
                     *leaf = json_object_get(leaf_in, p->leaf);
        if (!json_is_integer(seq) || !json_is_string(leaf) ||
            !sha256_from_hex(str_c(json_string_value(leaf)), &ret->leaf))
            continue;
        ret->seq = json_integer_value(seq);
        if (ret->seq >= 0)
            return true;
    }
    return false;
}

/* {"leaf":HEX,"rec":{…}}: the record's bytes are what is hashed, whatever "leaf" says. */
static bool
recall_record(struct str line, struct arena *a, struct audit_recalled *ret)
{
    static const char mark[] = ",\"rec\":";
    struct audit_record r;
    struct diag ignored = diag_init(a);
    long at = str_starts(line, "{\"leaf\":") ? str_find(line, mark) : -1;
    if (at < 0 || !str_ends(line, "}"))
        return false;
    size_t from = (size_t)at + sizeof mark - 1;
    struct str rec = str_n(line.s + from, line.len - from - 1);
    if (audit_record_parse(rec, a, &r, &ignored) != 0)
        return false;
    *ret = (struct audit_recalled){.seq = r.seq, .leaf = audit_record_leaf(rec)};
    return true;
}

/* ---- text ---- */

/* The bytes between the last mark and the next byte of `ends`, or the end; empty when there is no
 * mark. Behind the head of a line no value can hold one: each format escapes or avoids one of its
 * bytes. */
static struct str
behind(struct str line, const char *mark, const char *ends)
{
    assert(mark[0]);
    struct str found = STR("");
    for (long at; (at = str_find(line, mark)) >= 0; found = line) {
        size_t from = (size_t)at + strlen(mark);
        line = str_n(line.s + from, line.len - from);
    }
    size_t n = 0;
    while (n < found.len && !strchr(ends, found.s[n]))
        n++;
    return str_n(found.s, n);
}

static bool
read_texts(struct str seq, struct str leaf, struct audit_recalled *ret)
{
    return str_to_i64(seq, &ret->seq) && ret->seq >= 0 && sha256_from_hex(leaf, &ret->leaf);
}

static bool
recall_record_data(struct str data, struct arena *a, struct audit_recalled *ret)
{
    (void)a;
    return read_texts(behind(data, " seq=\"", "\""), behind(data, " rec_hash=\"", "\""), ret);
}

/* The message behind the data has titles as they are. */
static bool
recall_result_data(struct str data, struct arena *a, struct audit_recalled *ret)
{
    long end = str_find(data, "\"] ");
    (void)a;
    data = end < 0 ? data : str_n(data.s, (size_t)end + 1);
    return read_texts(behind(data, " seq=\"", "\""), behind(data, " leaf=\"", "\""), ret);
}

static bool
recall_cef(struct str cef, struct arena *a, struct audit_recalled *ret)
{
    /* A title in the head may hold anything: bars are escaped there, keys are not. */
    int n_bars = 0;
    size_t at = 0;
    for (; at < cef.len && n_bars < 7; at++) {
        if (cef.s[at] == '\\')
            at++;
        else if (cef.s[at] == '|')
            n_bars++;
    }
    if (n_bars < 7)
        return false;
    struct str pairs = arena_fmt(a, " %.*s", (int)(cef.len - at), cef.s + at);
    return read_texts(behind(pairs, " externalId=", " "), behind(pairs, " cs6=", " "), ret);
}

/* The delimiter is the sixth field of the head, which holds no other bar. */
static bool
recall_leef(struct str rest, struct arena *a, struct audit_recalled *ret)
{
    for (int i = 0; i < 5; i++)
        str_cut(&rest, '|');
    struct str delimiter = str_cut(&rest, '|');
    if (delimiter.len != 1)
        return false;
    const char *end = arena_str(a, delimiter).s;
    struct str leaf = behind(rest, arena_fmt(a, "%srecHash=", end).s, end);
    if (!leaf.len) /* of results */
        leaf = behind(rest, arena_fmt(a, "%sleaf=", end).s, end);
    return read_texts(behind(rest, arena_fmt(a, "%sseq=", end).s, end), leaf, ret);
}

static const struct shape {
    const char *mark; /* of where the event begins; the blank is none at the start of a line */
    bool (*recall)(struct str from, struct arena *a, struct audit_recalled *ret);
} shapes[] = {
    {" [assay@", recall_record_data},
    {" [result@", recall_result_data},
    {" CEF:0|assay|", recall_cef},
    {" LEEF:2.0|assay|", recall_leef},
};

/* The first mark says what the line is: a text of a host may hold the others. */
static bool
recall_text(struct str line, struct arena *a, struct audit_recalled *ret)
{
    const struct shape *first = NULL;
    long at = -1;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        long here = str_starts(line, shapes[i].mark + 1) ? 0 : str_find(line, shapes[i].mark);
        if (here < 0 || (first && here > at))
            continue;
        first = &shapes[i];
        at = here;
    }
    return first && first->recall(str_n(line.s + at, line.len - (size_t)at), a, ret);
}

/* ---- any line ---- */

int
audit_recall(struct str line, struct arena *a, struct audit_recalled *ret, struct diag *d)
{
    bool ok = str_starts(line, "{") ? recall_record(line, a, ret) || recall_members(line, ret)
                                    : recall_text(line, a, ret);
    return ok ? 0 : diag_fail(d, DIAG_BAD_DATA, "the line is no exported event of an audit log");
}
