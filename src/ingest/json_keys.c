/* The keys of JSON that nobody has parsed yet; below detect.c. It looks at brackets and strings only. */
#include "ingest/json_keys.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "base/map.h"

struct list {
    struct buf text;
    struct map *seen; /* of its keys, each of which is told once */
};

struct scan {
    struct str in;
    size_t at;
    int depth;
    int quiet;       /* keys deeper than this are not looked at; 0 = all are */
    int source;      /* depth of the member _source that we are in; 0 = none */
    int n_documents; /* ended at depth 0 */
    bool line_feed;  /* behind one of them */
    struct list document, of_source;
    struct json_keys *ret;
    struct arena *scratch;
};

static size_t
skip_blanks(struct str s, size_t at)
{
    while (at < s.len && isspace((unsigned char)s.s[at]))
        at++;
    return at;
}

/* The string that begins at the quote; moves behind it. Escapes stay as they are. */
static struct str
take_string(struct scan *s)
{
    size_t from = ++s->at;
    while (s->at < s->in.len && s->in.s[s->at] != '"')
        s->at += s->in.s[s->at] == '\\' ? 2 : 1;
    size_t to = s->at < s->in.len ? s->at : s->in.len;
    s->at = to + 1;
    return str_n(s->in.s + from, to - from);
}

/* Lines of one kind have the same keys again and again. */
static void
add_key(struct scan *s, struct list *to, int depth, struct str text)
{
    size_t from = to->text.len;
    char prefix[2] = {(char)('0' + depth), ':'};
    if (depth < 1 || depth > JSON_KEYS_DEPTH || from + text.len + 3 > JSON_KEYS_BYTES)
        return;
    buf_add(&to->text, prefix, sizeof prefix);
    buf_str(&to->text, text);
    struct str key = str_n(to->text.data + from, to->text.len - from);
    if (map_get_index(to->seen, key) >= 0) {
        buf_cut(&to->text, from);
        return;
    }
    map_put_index(to->seen, arena_str(s->scratch, key), 0);
    buf_putc(&to->text, '\n');
}

static bool
says_nothing(struct str value)
{
    static const char *const words[] = {"null", "false", "0", "\"\"", "{}", "[]"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_starts(value, words[i]))
            return true;
    return false;
}

/* A key of the object at hand, and the text that its value begins. */
static void
take_key(struct scan *s, struct str text, struct str value)
{
    int in_source = s->source ? s->depth - s->source : 0;
    int level =
        s->source ? in_source : s->depth - s->ret->is_list; /* of a document's own members */
    bool is_structure = value.len && strchr("{[", value.s[0]);
    if (s->quiet)
        return;
    if (s->depth == 1 && str_eqc(text, "error") && says_nothing(value))
        return;
    add_key(s, &s->document, s->depth, text);
    if (s->source)
        add_key(s, &s->of_source, in_source, text);
    if (level == 1 && is_structure && str_eqc(text, "passthrough"))
        s->quiet = s->depth;
    else if (!s->source && value.len && value.s[0] == '{' && str_eqc(text, "_source"))
        s->source = s->depth;
}

static void
close_bracket(struct scan *s)
{
    s->depth -= s->depth > 0;
    if (s->depth <= s->quiet)
        s->quiet = 0;
    if (s->depth <= s->source)
        s->source = 0;
    s->n_documents += s->depth == 0;
}

static void
run(struct scan *s)
{
    while (s->at < s->in.len) {
        char c = s->in.s[s->at];
        if (c == '"') {
            struct str text = take_string(s);
            size_t colon = skip_blanks(s->in, s->at < s->in.len ? s->at : s->in.len);
            if (colon >= s->in.len || s->in.s[colon] != ':')
                continue;
            s->at = skip_blanks(s->in, colon + 1);
            take_key(s, text, str_n(s->in.s + s->at, s->in.len - s->at));
            continue;
        }
        if (c == '{' || c == '[') {
            s->ret->is_lines = s->ret->is_lines || (s->depth == 0 && s->line_feed);
            s->depth++;
        }
        if (c == '}' || c == ']')
            close_bracket(s);
        if (c == '\n' && s->depth == 0 && s->n_documents)
            s->line_feed = true;
        s->at++;
    }
}

struct json_keys
json_keys_of(struct str bytes, struct arena *a)
{
    struct arena *scratch = arena_new();
    struct json_keys ret = {.is_list = str_starts(str_trim(bytes), "[")};
    struct scan s = {.in = bytes, .ret = &ret, .scratch = scratch};
    s.document = (struct list){buf_init(JSON_KEYS_BYTES), map_new(scratch)};
    s.of_source = (struct list){buf_init(JSON_KEYS_BYTES), map_new(scratch)};
    run(&s);
    assert(!buf_bad(&s.document.text) && !buf_bad(&s.of_source.text));
    ret.document = arena_str(a, buf_view(&s.document.text));
    ret.source = arena_str(a, buf_view(&s.of_source.text));
    buf_done(&s.document.text);
    buf_done(&s.of_source.text);
    arena_free(scratch);
    return ret;
}

struct str
json_keys_shift(struct str keys, int by, struct arena *a)
{
    AUTO_BUF out = buf_init(2 * JSON_KEYS_BYTES);
    while (keys.len) {
        struct str line = str_cut(&keys, '\n');
        int depth = line.len > 2 ? line.s[0] - '0' + by : 0;
        if (depth >= 1 && depth <= JSON_KEYS_DEPTH)
            buf_fmt(&out, "%d%.*s\n", depth, (int)line.len - 1, line.s + 1);
    }
    return arena_str(a, buf_view(&out));
}

bool
json_keys_has(struct str keys, const char *key)
{
    while (keys.len)
        if (str_eqc(str_cut(&keys, '\n'), key))
            return true;
    return false;
}

bool
json_keys_begins(struct str s)
{
    if (!s.len || !strchr("{[", s.s[0]))
        return false;
    size_t next = skip_blanks(s, 1);
    return next < s.len && strchr(s.s[0] == '{' ? "\"}" : "{[]", s.s[next]);
}
