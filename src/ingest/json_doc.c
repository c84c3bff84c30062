/* The JSON splitter: below the readers of documents, beside xml.c. It looks at brackets, strings
 * and keys only, to know where an element begins and ends; jansson judges every byte that is handed
 * over, so what is let through here is still refused there. */
#include "ingest/json_doc.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ingest/limits.h"
#include "ingest/take.h"

AUTO_DEFINE(json_t *, json_decref)

enum { MAX_STEPS = 8, MAX_KEY = 256, NO_PATH = -1 };

/* One step of a path: into the member of that name, or into any element (empty name). */
struct path {
    struct str steps[MAX_STEPS];
    int n;
};

/* An open object or array, as far down as a path can lead. */
struct frame {
    bool is_array;
    int taken[JSON_DOC_PATHS]; /* steps of each path that lead here; NO_PATH = it leads elsewhere */
    int streams;               /* the path whose elements this array holds, or NO_PATH */
    size_t index;              /* of the element at hand */
    struct str key;            /* of the member at hand: in key_text */
    char key_text[MAX_KEY];
};

struct json_doc {
    const struct json_doc_handlers *h;
    void *self;
    const char *path;
    struct diag *d;
    struct path paths[JSON_DOC_PATHS];
    int n_paths;
    struct frame frames[MAX_STEPS + 1];
    size_t depth;
    bool in_string, escaped, is_key, is_done;
    bool may_follow, is_over; /* another document may follow; it does */
    bool was_repaired;        /* and the warning was given */
    struct buf document, element, key;
    struct buf cuts;         /* struct cut: where elements were left out of the document */
    int streaming;           /* path of the element at hand, or NO_PATH */
    size_t streaming_depth;  /* depth of the array that is handed out */
    size_t offset;           /* bytes so far */
    size_t n_mark;           /* of them, those of a byte order mark: 0 or 3 */
    size_t line, line_start; /* of the byte at hand; offset of its first byte */
    size_t began_line, began_column;
};

/* The document lacks what was handed out: from this byte on it stands at that line of the file. */
struct cut {
    size_t at, line, column;
};

/* ---- paths ---- */

static void
compile(struct path *p, const char *text)
{
    while (*text) {
        assert(p->n < MAX_STEPS);
        if (strncmp(text, "[]", 2) == 0) {
            p->steps[p->n++] = STR("");
            text += 2;
        } else {
            size_t n = strcspn(text, ".[");
            p->steps[p->n++] = str_n(text, n);
            text += n;
        }
        text += *text == '.';
    }
    assert(p->n && p->steps[p->n - 1].len == 0); /* a path ends in "[]" */
}

/* Steps of path p that lead to the value at hand, given those that lead to what holds it. */
static int
steps_to_value(const struct json_doc *j, int p)
{
    const struct path *path = &j->paths[p];
    if (j->depth == 0)
        return 0;
    if (j->depth > MAX_STEPS)
        return NO_PATH;
    const struct frame *f = &j->frames[j->depth];
    int taken = f->taken[p];
    if (taken == NO_PATH || taken == path->n)
        return NO_PATH;
    struct str step = path->steps[taken];
    bool fits = f->is_array ? step.len == 0 : step.len && str_eq(step, f->key);
    return fits ? taken + 1 : NO_PATH;
}

static void
enter(struct json_doc *j, bool is_array)
{
    struct frame f = {.is_array = is_array, .streams = NO_PATH};
    for (int p = 0; p < j->n_paths; p++) {
        f.taken[p] = steps_to_value(j, p);
        if (is_array && f.taken[p] == j->paths[p].n - 1 && !j->paths[p].steps[f.taken[p]].len)
            f.streams = p;
    }
    j->depth++;
    if (j->depth <= MAX_STEPS)
        j->frames[j->depth] = f;
}

static struct frame *
top(struct json_doc *j)
{
    return j->depth && j->depth <= MAX_STEPS ? &j->frames[j->depth] : NULL;
}

/* ---- failures ---- */

static int
fail_here(struct json_doc *j, const char *why)
{
    diag_fail(j->d, DIAG_BAD_DATA, "%s", why);
    return diag_at(j->d, "%s:%zu:%zu", j->path, j->line, j->offset - j->line_start + 1);
}

struct str
json_doc_error(const json_error_t *e)
{
    struct str text = str_c(e->text);
    static const char *const marks[] = {" near ", " '\\u"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        long at = str_find(text, marks[i]);
        text = at >= 0 ? str_n(text.s, (size_t)at) : text;
    }
    return text;
}

/* jansson counts from the first byte of what it was given. */
static int
fail_in(struct json_doc *j, struct cut from, const json_error_t *e)
{
    size_t line = from.line + (size_t)e->line - 1;
    size_t column = (size_t)e->column + (e->line <= 1 ? from.column - 1 : 0);
    diag_fail(j->d, DIAG_BAD_DATA, "not JSON: %.*s", STR_ARG(json_doc_error(e)));
    return diag_at(j->d, "%s:%zu:%zu", j->path, line, column ? column : 1);
}

/* The place of an error in the document: after the last cut before it. */
static int
fail_in_document(struct json_doc *j, const json_error_t *e)
{
    struct str text = buf_view(&j->document);
    const struct cut *cuts = (const void *)j->cuts.data;
    size_t at = e->position < 0 ? 0 : (size_t)e->position;
    struct cut last = {.line = j->began_line, .column = j->began_column};
    for (size_t i = 0; i < j->cuts.len / sizeof *cuts && cuts[i].at < at; i++)
        last = cuts[i];
    struct str before = str_n(text.s, last.at);
    json_error_t moved = *e;
    for (size_t i = 0; i < before.len; i++)
        moved.line -= before.s[i] == '\n';
    while (moved.line == 1 && before.len && before.s[before.len - 1] != '\n') {
        before.len--;
        moved.column--;
    }
    return fail_in(j, last, &moved);
}

/* ---- handing over ---- */

/* What jansson makes of the text. One byte of another encoding costs no scan: it becomes U+FFFD. */
static json_t *
load(struct json_doc *j, struct str text, size_t flags, json_error_t *e)
{
    json_t *v = json_loadb(text.s, text.len, flags | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, e);
    if (v)
        return v;
    struct arena *scratch = arena_new();
    struct str whole = utf8_repair(scratch, text);
    if (whole.s != text.s)
        v = json_loadb(whole.s, whole.len, flags | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, e);
    arena_free(scratch);
    if (v && !j->was_repaired)
        diag_warn(j->d, DIAG_WARN_TEXT, STR("encoding"),
                  "bytes that are not UTF-8 were replaced, first in what begins in line %zu (the "
                  "setting fallback-encoding can name another encoding)",
                  j->began_line);
    j->was_repaired = j->was_repaired || v;
    return v;
}

static int
hand_over_element(struct json_doc *j)
{
    struct cut from = {.line = j->began_line, .column = j->began_column};
    struct frame *f = top(j);
    size_t index[JSON_DOC_INDEXES] = {0}, n = 0;
    json_error_t e;
    assert(f && f->streams == j->streaming);
    if (buf_bad(&j->element)) {
        diag_fail(j->d, DIAG_TOO_BIG, "an element of over %zu bytes", (size_t)LIMIT_ELEMENT);
        return diag_at(j->d, "%s:%zu", j->path, j->began_line);
    }
    AUTO(json_decref_auto)
    json_t *v = load(j, buf_view(&j->element), JSON_DECODE_ANY, &e);
    if (!v)
        return fail_in(j, from, &e);
    for (size_t i = 1; i <= j->depth; i++)
        if (j->frames[i].is_array && n < JSON_DOC_INDEXES)
            index[n++] = j->frames[i].index;
    buf_cut(&j->element, 0);
    return j->h->element(j->self, (size_t)j->streaming, index, v);
}

static int
hand_over_document(struct json_doc *j)
{
    json_error_t e;
    if (buf_bad(&j->document) || buf_bad(&j->cuts)) {
        diag_fail(j->d, DIAG_TOO_BIG, "a JSON document of over %zu bytes", (size_t)LIMIT_DOCUMENT);
        return diag_at(j->d, "%s", j->path);
    }
    AUTO(json_decref_auto)
    json_t *v = load(j, buf_view(&j->document), 0, &e);
    if (!v)
        return fail_in_document(j, &e);
    return j->h->document(j->self, v);
}

/* ---- the bytes ---- */

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Where the byte at hand is kept: with the element that is being handed out, or the document. */
static struct buf *
sink(struct json_doc *j)
{
    return j->streaming == NO_PATH ? &j->document : &j->element;
}

static void
put_char(struct json_doc *j, char c)
{
    struct buf *b = sink(j);
    if (b->len == 0) {
        if (is_blank(c))
            return;
        j->began_line = j->line;
        j->began_column = j->offset - j->line_start + 1;
    }
    buf_putc(b, c);
}

/* A comma or closing bracket in the array that is handed out; the last of no elements is none. */
static int
end_element(struct json_doc *j, char c)
{
    struct frame *f = top(j);
    assert(f && f->is_array);
    bool is_none = j->element.len == 0 && f->index == 0 && c == ']';
    if (c == '}')
        return fail_here(j, "not JSON: '}' closes an array");
    if (j->element.len == 0 && !is_none)
        return fail_here(j, "not JSON: an element is missing");
    if (!is_none && hand_over_element(j) != 0)
        return -1;
    f->index++;
    return 0;
}

static int
open_bracket(struct json_doc *j, char c)
{
    put_char(j, c);
    enter(j, c == '[');
    struct frame *f = top(j);
    if (f && f->streams != NO_PATH && j->streaming == NO_PATH) {
        j->streaming = f->streams;
        j->streaming_depth = j->depth;
        buf_cut(&j->element, 0);
    }
    return 0;
}

static int
close_bracket(struct json_doc *j, char c)
{
    if (j->depth == 0)
        return fail_here(j, "not JSON: a bracket closes what was never opened");
    if (j->streaming != NO_PATH && j->depth == j->streaming_depth) {
        if (end_element(j, c) != 0)
            return -1;
        struct cut end = {.at = j->document.len, .line = j->line};
        end.column = j->offset - j->line_start + 1;
        buf_add(&j->cuts, &end, sizeof end);
        j->streaming = NO_PATH;
    }
    put_char(j, c);
    j->depth--;
    j->is_done = j->depth == 0;
    return 0;
}

static int
comma(struct json_doc *j, char c)
{
    struct frame *f = top(j);
    if (j->streaming != NO_PATH && j->depth == j->streaming_depth)
        return end_element(j, c);
    put_char(j, c);
    if (f && f->is_array)
        f->index++;
    else if (f)
        f->key = STR("");
    return 0;
}

static void
begin_string(struct json_doc *j)
{
    struct frame *f = top(j);
    j->in_string = true;
    j->is_key = f && !f->is_array && f->key.len == 0;
    if (j->is_key)
        buf_cut(&j->key, 0);
    put_char(j, '"');
}

/* A key as it reads: escapes in it may spell the name of a path. */
static void
end_key(struct json_doc *j)
{
    struct frame *f = top(j);
    struct str raw = buf_view(&j->key);
    assert(f);
    f->key = STR("?"); /* a key is over; one too long to keep is on no path */
    j->is_key = false;
    if (buf_bad(&j->key)) {
        buf_done(&j->key);
        return;
    }
    AUTO_BUF quoted = buf_init(MAX_KEY + 2);
    buf_fmt(&quoted, "\"%.*s\"", STR_ARG(raw));
    AUTO(json_decref_auto)
    json_t *v = json_loadb(quoted.data, quoted.len, JSON_DECODE_ANY, NULL);
    if (v && json_string_length(v)) {
        f->key = str_n(f->key_text, json_string_length(v));
        memcpy(f->key_text, json_string_value(v), f->key.len);
    }
}

/* The bytes of a string up to the next that matters; returns how many were taken. */
static size_t
take_run(struct json_doc *j, struct str s)
{
    size_t n = 0;
    while (n < s.len && s.s[n] != '"' && s.s[n] != '\\' && s.s[n] != '\n')
        n++;
    buf_add(sink(j), s.s, n);
    if (j->is_key)
        buf_add(&j->key, s.s, n);
    return n;
}

static void
take_in_string(struct json_doc *j, char c)
{
    bool ends = c == '"' && !j->escaped;
    buf_putc(sink(j), c);
    if (j->is_key && !ends)
        buf_putc(&j->key, c);
    j->escaped = c == '\\' && !j->escaped;
    j->in_string = !ends;
    if (ends && j->is_key)
        end_key(j);
}

static int
take_outside(struct json_doc *j, char c)
{
    if (j->is_done && j->may_follow && (c == '{' || c == '[')) {
        j->is_over = true;
        return 0;
    }
    if (j->is_done && !is_blank(c))
        return fail_here(j, "text after the end of the JSON document");
    bool is_bad_mark = j->n_mark && j->n_mark < 3;
    if (j->depth == 0 && !is_blank(c) && (is_bad_mark || (c != '{' && c != '[')))
        return fail_here(j, "not a JSON object or array");
    if (c == '{' || c == '[')
        return open_bracket(j, c);
    if (c == '}' || c == ']')
        return close_bracket(j, c);
    if (c == ',')
        return comma(j, c);
    if (c == '"')
        begin_string(j);
    else if (!j->is_done)
        put_char(j, c);
    return 0;
}

static int
take_byte(struct json_doc *j, char c)
{
    int rc = 0;
    if (j->in_string)
        take_in_string(j, c);
    else
        rc = take_outside(j, c);
    j->offset++;
    if (c == '\n') {
        j->line++;
        j->line_start = j->offset;
    }
    return rc;
}

static bool
is_byte_order_mark(const struct json_doc *j, char c)
{
    return j->offset == j->n_mark && j->n_mark < 3 && c == "\xef\xbb\xbf"[j->n_mark];
}

/* ---- the door ---- */

struct json_doc *
json_doc_new(const struct json_doc_handlers *h, void *self, const char *path, struct diag *d)
{
    struct json_doc *j = mem_alloc(sizeof *j);
    assert(h->document);
    *j = (struct json_doc){.h = h, .self = self, .path = path, .d = d, .streaming = NO_PATH};
    j->line = 1;
    j->document = buf_init(LIMIT_DOCUMENT);
    j->element = buf_init(LIMIT_ELEMENT);
    j->key = buf_init(MAX_KEY);
    j->cuts = buf_init(LIMIT_DOCUMENT);
    while (j->n_paths < JSON_DOC_PATHS && h->paths[j->n_paths]) {
        compile(&j->paths[j->n_paths], h->paths[j->n_paths]);
        j->n_paths++;
    }
    assert(j->n_paths == 0 || h->element);
    return j;
}

void
json_doc_free(struct json_doc *j)
{
    if (!j)
        return;
    buf_done(&j->document);
    buf_done(&j->element);
    buf_done(&j->key);
    buf_done(&j->cuts);
    free(j);
}

int
json_doc_push_one(struct json_doc *j, struct str chunk, struct str *ret_rest)
{
    *ret_rest = STR("");
    j->may_follow = true;
    for (size_t i = 0; i < chunk.len;) {
        if (is_byte_order_mark(j, chunk.s[i])) {
            j->n_mark++;
            j->line_start = ++j->offset; /* the mark takes no column */
            i++;
            continue;
        }
        if (j->in_string && !j->escaped) {
            size_t n = take_run(j, str_n(chunk.s + i, chunk.len - i));
            j->offset += n;
            i += n;
            if (i == chunk.len)
                break;
        }
        if (take_byte(j, chunk.s[i++]) != 0)
            return -1;
        if (j->is_over) {
            *ret_rest = str_n(chunk.s + i - 1, chunk.len - i + 1);
            return 0;
        }
    }
    return 0;
}

int
json_doc_push(struct json_doc *j, struct str chunk)
{
    struct str rest;
    int rc = json_doc_push_one(j, chunk, &rest);
    if (rc != 0 || !rest.len)
        return rc;
    j->offset--; /* of the bracket */
    return fail_here(j, "text after the end of the JSON document");
}

int
json_doc_end(struct json_doc *j)
{
    if (!j->document.len) {
        diag_fail(j->d, DIAG_TRUNCATED, "the file is empty");
        return diag_at(j->d, "%s", j->path);
    }
    if (!j->is_done) {
        diag_fail(j->d, DIAG_TRUNCATED, "the JSON ends %s: the file was cut off",
                  j->in_string ? "inside a text" : "before its last bracket");
        return diag_at(j->d, "%s:%zu:%zu", j->path, j->line, j->offset - j->line_start + 1);
    }
    return hand_over_document(j);
}

/* ---- members ---- */

struct str
json_doc_real(const json_t *v, char room[JSON_DOC_REAL])
{
    double n = json_real_value(v);
    bool is_whole = n == floor(n) && fabs(n) < 1e18;
    int len = snprintf(room, JSON_DOC_REAL, is_whole ? "%.0f" : "%.15g", n);
    assert(json_is_real(v) && len > 0 && len < JSON_DOC_REAL);
    return str_n(room, (size_t)len);
}

struct str
json_doc_text(struct arena *a, const json_t *object, const char *key, size_t max, struct str place,
              struct diag *d)
{
    const json_t *v = json_object_get(object, key);
    if (json_is_string(v)) {
        struct str s = str_n(json_string_value(v), json_string_length(v));
        if (s.len <= max && !memchr(s.s, 0, s.len))
            return arena_str(a, s); /* jansson lets valid UTF-8 through only */
        return take_text(a, s, max, arena_fmt(a, "%.*s %s", STR_ARG(place), key), d);
    }
    if (json_is_integer(v))
        return arena_fmt(a, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
    if (json_is_real(v)) {
        char room[JSON_DOC_REAL];
        return arena_str(a, json_doc_real(v, room));
    }
    if (json_is_boolean(v))
        return json_is_true(v) ? STR("true") : STR("false");
    return STR("");
}

bool
json_doc_int(const json_t *object, const char *key, int64_t *ret)
{
    const json_t *v = json_object_get(object, key);
    char *end = NULL;
    if (json_is_integer(v)) {
        *ret = json_integer_value(v);
        return true;
    }
    const char *text = json_string_value(v);
    if (!text || !*text)
        return false;
    errno = 0;
    long long n = strtoll(text, &end, 10);
    if (*end || errno)
        return false;
    *ret = n;
    return true;
}
