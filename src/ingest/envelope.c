/* The filter between ingest.c and a reader that was not made for what is around its documents. */
#include "ingest/envelope.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

enum { KEY = 16 }; /* more than "_source" */

struct envelope {
    enum envelope_kind kind;
    enum envelope_join join;
    envelope_sink *sink;
    void *self;
    const char *path;
    struct diag *d;
    size_t line; /* of the byte at hand */
    bool in_string, escaped;
    size_t depth;     /* of open brackets */
    size_t inside;    /* depth that the document at hand closes to, counted from 1; 0 = outside */
    bool wants_comma; /* a list: an element has ended */
    bool may_be_key, is_key;
    char key[KEY]; /* the last string outside of documents, as far as it matters */
    size_t n_key;
    size_t n_documents;
    struct buf out;
};

struct envelope *
envelope_new(enum envelope_kind kind, enum envelope_join join, envelope_sink *sink, void *self,
             const char *path, struct diag *d)
{
    struct envelope *e = mem_alloc(sizeof *e);
    assert(kind != ENVELOPE_NONE && sink);
    *e = (struct envelope){
        .kind = kind, .join = join, .sink = sink, .self = self, .path = path, .d = d, .line = 1};
    e->out = buf_init(BUF_MAX_DEFAULT);
    return e;
}

void
envelope_free(struct envelope *e)
{
    if (!e)
        return;
    buf_done(&e->out);
    free(e);
}

/* ---- documents ---- */

static void
begin_document(struct envelope *e)
{
    e->inside = e->depth + 1;
    if (e->join == JOIN_LIST)
        buf_putc(&e->out, e->n_documents ? ',' : '[');
    e->n_documents++;
}

static void
end_document(struct envelope *e)
{
    e->inside = 0;
    e->wants_comma = true;
    if (e->join != JOIN_LIST)
        buf_putc(&e->out, '\n');
}

/* A line feed between the words of a document is a blank; in a text it stands for itself, and is wrong. */
static void
put(struct envelope *e, char c)
{
    bool is_feed = c == '\n' || c == '\r';
    buf_putc(&e->out, is_feed && !e->in_string && e->join == JOIN_LINES ? ' ' : c);
}

/* ---- what is around them ---- */

static int
fail(struct envelope *e, const char *why)
{
    diag_fail(e->d, DIAG_BAD_DATA, "not JSON: %s", why);
    return diag_at(e->d, "%s:%zu", e->path, e->line);
}

/* True when a document begins with the bracket c. */
static bool
begins_document(const struct envelope *e, char c)
{
    if (e->kind == ENVELOPE_LIST)
        return e->depth == 1;
    if (e->kind == ENVELOPE_SEQUENCE)
        return e->depth == 0;
    return c == '{' && e->is_key && e->n_key == 7 && memcmp(e->key, "_source", 7) == 0;
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Of a list nothing else may stand between the elements; what surrounds records is not ours. */
static int
check_between(struct envelope *e, char c)
{
    if (e->kind == ENVELOPE_SEQUENCE)
        return e->depth == 0 && c != '{' ? fail(e, "something else between the documents") : 0;
    if (e->kind == ENVELOPE_SOURCE)
        return 0;
    if (e->depth == 0)
        return c == '[' ? 0 : fail(e, "something else behind the list");
    if (c == ',') {
        bool ok = e->wants_comma;
        e->wants_comma = false;
        return ok ? 0 : fail(e, "an element of the list is missing");
    }
    if (c == ']')
        return e->wants_comma || e->n_documents == 0 ? 0 : fail(e, "an element is missing");
    if (c != '{' || e->wants_comma)
        return fail(e, "elements of the list that are no objects, or no comma between them");
    return 0;
}

static void
open_bracket(struct envelope *e, char c)
{
    if (!e->inside && begins_document(e, c))
        begin_document(e);
    else if (!e->inside)
        e->wants_comma = false;
    e->depth++;
    if (e->inside)
        put(e, c);
}

static int
close_bracket(struct envelope *e, char c)
{
    if (e->depth == 0)
        return fail(e, "a bracket closes what was never opened");
    e->depth--;
    if (!e->inside)
        return 0;
    put(e, c);
    if (e->depth + 1 == e->inside)
        end_document(e);
    return 0;
}

/* ---- bytes ---- */

static void
take_in_string(struct envelope *e, char c)
{
    bool ends = c == '"' && !e->escaped;
    e->escaped = c == '\\' && !e->escaped;
    if (e->inside)
        put(e, c);
    else if (!ends && e->n_key < KEY)
        e->key[e->n_key++] = c;
    e->in_string = !ends;
    e->may_be_key = ends;
}

static int
take_outside(struct envelope *e, char c)
{
    bool is_key = e->is_key;
    if (!e->inside && !is_blank(c)) {
        if (check_between(e, c) != 0)
            return -1;
        e->is_key = e->may_be_key && c == ':';
        e->may_be_key = false;
    }
    if (c == '"') {
        e->in_string = true;
        e->n_key = 0;
        if (e->inside)
            put(e, c);
    } else if (c == '{' || c == '[') {
        e->is_key = is_key; /* the value of the key before */
        open_bracket(e, c);
        e->is_key = false;
    } else if (c == '}' || c == ']') {
        return close_bracket(e, c);
    } else if (e->inside) {
        put(e, c);
    }
    return 0;
}

/* The bytes of a string up to the next that matters. */
static size_t
take_run(struct envelope *e, struct str s)
{
    size_t n = 0;
    while (n < s.len && s.s[n] != '"' && s.s[n] != '\\')
        n++;
    if (e->inside)
        buf_add(&e->out, s.s, n);
    return n;
}

static int
flush(struct envelope *e)
{
    assert(!buf_bad(&e->out));
    int rc = e->out.len ? e->sink(e->self, buf_view(&e->out)) : 0;
    buf_cut(&e->out, 0);
    return rc;
}

int
envelope_push(struct envelope *e, struct str chunk)
{
    for (size_t i = 0; i < chunk.len;) {
        if (e->in_string && !e->escaped && e->inside) {
            i += take_run(e, str_n(chunk.s + i, chunk.len - i));
            if (i == chunk.len)
                break;
        }
        char c = chunk.s[i++];
        e->line += c == '\n';
        if (e->in_string)
            take_in_string(e, c);
        else if (take_outside(e, c) != 0)
            return -1;
    }
    return flush(e);
}

int
envelope_end(struct envelope *e)
{
    if (e->depth || e->in_string)
        return diag_fail(e->d, DIAG_TRUNCATED,
                         "the JSON ends before its last bracket: the file was cut off");
    if (!e->n_documents)
        return diag_fail(e->d, DIAG_BAD_DATA, "no document in this file");
    if (e->join == JOIN_LIST)
        buf_putc(&e->out, ']');
    return flush(e);
}
