/* What was received in the period, file by file as the audit log has it, joined with what is kept of the
 * files. Called by load_files.c. Records are in canonical form, so that a member is found by its bytes:
 * inside a string every quote has a backslash. */
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "store/load.h"
#include "store/stmt.h"

/* What stands behind a backslash; the canonical form has \\u for control characters alone. */
static char
unescape(struct str *s)
{
    static const char from[] = "btnfr", to[] = "\b\t\n\f\r";
    char c = s->len ? s->s[0] : 0;
    const char *at = c ? strchr(from, c) : NULL;
    size_t n = s->len > 4 && c == 'u' ? 5 : s->len > 0;
    if (n == 5)
        c = (char)((s->s[3] - '0') << 4 | (s->s[4] <= '9' ? s->s[4] - '0' : s->s[4] - 'a' + 10));
    s->s += n;
    s->len -= n;
    return at ? to[at - from] : c;
}

/* The string at s, or the head of one that was too long to keep; empty = neither. */
static struct str
text_at(struct str s, struct arena *a)
{
    static const char head[] = "{\"head\":";
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    if (str_starts(s, head))
        s = str_n(s.s + sizeof head - 1, s.len - (sizeof head - 1));
    if (!s.len || s.s[0] != '"')
        return STR("");
    for (s.s++, s.len--; s.len && s.s[0] != '"';) {
        char c = *s.s++;
        s.len--;
        buf_putc(&out, c == '\\' ? unescape(&s) : c);
    }
    return arena_str(a, buf_view(&out));
}

/* The text behind the first place of `name`; empty = not there. */
static struct str
member(struct str rec, const char *name, struct arena *a)
{
    long at = str_find(rec, name);
    if (at < 0)
        return STR("");
    size_t from = (size_t)at + strlen(name);
    return text_at(str_n(rec.s + from, rec.len - from), a);
}

static int64_t
number(struct str rec, const char *name, struct arena *a)
{
    int64_t n = 0;
    struct str text = member(rec, name, a);
    return str_to_i64(text, &n) && n > 0 ? n : 0;
}

static enum fleet_receipt
judge(const struct loading *l, const struct load_input *row, struct str verdict, int64_t revised)
{
    if (str_eqc(verdict, "rejected"))
        return RECEIPT_REJECTED;
    if (str_eqc(verdict, "duplicate"))
        return RECEIPT_KNOWN;
    if (revised)
        return RECEIPT_REVISED;
    return row && row->first_scan != CLOCK_NONE && row->first_scan < l->q->from ? RECEIPT_LATE
                                                                                : RECEIPT_STORED;
}

/* A record whose text was pruned says by whom and whether; the rest is what is kept of the file. */
static struct str
verdict_of(const struct load_input *row, bool is_failure, struct str rec, struct arena *a)
{
    if (rec.len)
        return member(rec, "\"f\":\"verdict\",\"new\":", a);
    return is_failure ? STR("rejected") : row && !row->is_used ? STR("stored") : STR("duplicate");
}

static void
add_file(struct loading *l, const struct stmt *s, struct load_input *rows, const struct map *at)
{
    struct fleet_input in = {.received = stmt_col_int(s, 1)};
    sha256_from_hex(stmt_col_view(s, 2), &in.sha256);
    long n = map_get_index(at, str_n((const char *)in.sha256.b, SHA256_SIZE));
    struct load_input *row = n < 0 ? NULL : &rows[n];
    struct str rec = stmt_col_is_null(s, 4) ? STR("") : stmt_col_view(s, 4);
    struct str verdict = verdict_of(row, stmt_col_int(s, 3) != 0, rec, l->a);
    in.kind = judge(l, row, verdict, number(rec, "\"f\":\"revised\",\"new\":", l->a));
    if (row) {
        int64_t received = in.received;
        enum fleet_receipt kind = in.kind;
        in = row->input;
        in.received = received;
        in.kind = kind;
        row->is_used = true;
    }
    l->f->received.pruned += !rec.len;
    if (in.kind != RECEIPT_REJECTED && !(row && row->is_wanted)) {
        l->f->received.elsewhere += l->files != NULL;
        if (l->files)
            return;
    }
    if (in.kind == RECEIPT_REJECTED || in.kind == RECEIPT_KNOWN)
        in.n_scans = 0;
    if (rec.len && (!row || in.kind == RECEIPT_REJECTED || in.kind == RECEIPT_KNOWN)) {
        long object = str_find(rec, "\"object\":{");
        struct str rest = object < 0 ? STR("") : str_n(rec.s + object, rec.len - (size_t)object);
        in.name = member(rest, "\"name\":", l->a);
        in.reason = in.kind == RECEIPT_REJECTED ? member(rec, ",\"reason\":", l->a) : STR("");
        in.size = number(rec, "\"f\":\"size\",\"new\":", l->a);
        in.host = member(rec, ",\"host\":", l->a);
        in.format = row ? row->input.format : member(rec, "\"f\":\"format\",\"new\":", l->a);
        in.custody = row && in.kind == RECEIPT_KNOWN ? row->input.custody : STR("");
    }
    *VEC_PUSH_SOLE(l->a, &l->f->inputs) = in;
}

int
load_received(struct loading *l, struct load_input *rows, const struct map *at)
{
    struct stmt *s = stmt_get(l->st, "audit_received", l->d);
    if (!s)
        return -1;
    int64_t to = l->q->as_of && l->q->as_of < l->q->to ? l->q->as_of + 1 : l->q->to;
    stmt_time(s, l->q->from);
    stmt_time(s, to);
    if (stmt_run(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        struct str event = stmt_col_view(s, 0);
        int64_t files = 0;
        if (str_eqc(event, "ingest.file")) {
            add_file(l, s, rows, at);
            continue;
        }
        if (stmt_col_is_null(s, 4))
            l->f->received.pruned++;
        else
            files = number(stmt_col_view(s, 4), "\"f\":\"files\",\"new\":", l->a);
        *(str_eqc(event, "ingest.nothing") ? &l->f->received.nothing : &l->f->received.unchanged) +=
            files;
    }
    return rc;
}
