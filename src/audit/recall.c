/* Exported events read again, as far as they speak of the log. Called by job/audit.c for lines that
 * somebody kept; knows where each encoder puts seq and hash, and nothing else of the formats. */
#include "audit/recall.h"

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
};

static const json_t *
inside(const json_t *o, const char *key)
{
    return key ? json_object_get(o, key) : o;
}

static bool
take(const json_t *seq, const json_t *leaf, struct audit_recalled *ret)
{
    if (!json_is_integer(seq) || !json_is_string(leaf) ||
        !sha256_from_hex(str_c(json_string_value(leaf)), &ret->leaf))
        return false;
    ret->seq = json_integer_value(seq);
    return ret->seq >= 0;
}

static bool
recall_members(struct str line, struct audit_recalled *ret)
{
    AUTO(json_decref_auto) json_t *o = json_loadb(line.s, line.len, JSON_ALLOW_NUL, NULL);
    for (size_t i = 0; o && i < sizeof places / sizeof *places; i++)
        if (take(json_object_get(inside(o, places[i].seq_in), places[i].seq),
                 json_object_get(inside(o, places[i].leaf_in), places[i].leaf), ret))
            return true;
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
take_text(struct str seq, struct str leaf, struct audit_recalled *ret)
{
    return str_to_i64(seq, &ret->seq) && ret->seq >= 0 && sha256_from_hex(leaf, &ret->leaf);
}

/* What stands from the mark on, empty when it is not there. */
static struct str
from_mark(struct str line, const char *mark)
{
    long at = str_find(line, mark);
    return at < 0 ? STR("") : str_n(line.s + at, line.len - (size_t)at);
}

static bool
recall_rfc5424(struct str line, struct audit_recalled *ret)
{
    struct str data = from_mark(line, " [assay@");
    return take_text(behind(data, " seq=\"", "\""), behind(data, " rec_hash=\"", "\""), ret);
}

static bool
recall_cef(struct str line, struct audit_recalled *ret)
{
    struct str cef = from_mark(line, "CEF:0|assay|");
    return take_text(behind(cef, "|externalId=", " "), behind(cef, " cs6=", " "), ret);
}

/* The delimiter is the sixth field of the head, which holds no other bar. */
static bool
recall_leef(struct str line, struct arena *a, struct audit_recalled *ret)
{
    struct str rest = from_mark(line, "LEEF:2.0|assay|");
    for (int i = 0; i < 5; i++)
        str_cut(&rest, '|');
    struct str delimiter = str_cut(&rest, '|');
    if (delimiter.len != 1)
        return false;
    const char *end = arena_str(a, delimiter).s;
    return take_text(behind(rest, arena_fmt(a, "%sseq=", end).s, end),
                     behind(rest, arena_fmt(a, "%srecHash=", end).s, end), ret);
}

/* ---- the door ---- */

int
audit_recall(struct str line, struct arena *a, struct audit_recalled *ret, struct diag *d)
{
    bool ok = str_starts(line, "{")
                  ? recall_record(line, a, ret) || recall_members(line, ret)
                  : recall_rfc5424(line, ret) || recall_cef(line, ret) || recall_leef(line, a, ret);
    return ok ? 0 : diag_fail(d, DIAG_BAD_DATA, "the line is no exported event of an audit log");
}
