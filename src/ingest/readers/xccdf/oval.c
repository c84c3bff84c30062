/* The elements of OVAL results. xccdf.c hands them over; what they mean for a rule is found in
 * oval_cause.c. The order of the schema is what makes one pass enough: comments of tests,
 * results of definitions, results of tests, items. */
#include "ingest/readers/xccdf/oval.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

enum area {
    A_RESULTS, /* oval_results, results, system, oval_system_characteristics */
    A_SOURCE,  /* oval_definitions */
    A_COMMENTS,
    A_DEFINITIONS,
    A_CRITERIA, /* a definition and what is in it */
    A_TESTS,
    A_TEST,
    A_ITEMS,
    A_ITEM,
    A_FIELD /* and what is in it */
};

enum { MAX_REFS = 16, MAX_VALUE = 200, MAX_COMMENT = 300, MAX_REF = 1024 };

struct xccdf_oval *
xccdf_oval_new(struct arena *a, struct diag *d)
{
    struct xccdf_oval *o = ARENA_NEW(a, struct xccdf_oval);
    *o = (struct xccdf_oval){.a = a, .d = d, .kept = arena_new(), .refs_arena = arena_new()};
    o->text = buf_init(LIMIT_OVAL_ITEM);
    o->value = buf_init(MAX_VALUE);
    return o;
}

static void
close_report(struct xccdf_oval *o)
{
    if (o->now)
        arena_free(o->now);
    o->now = NULL;
    o->definitions = o->tests = o->items = NULL;
    o->nodes.v = NULL;
    o->active.v = NULL;
    o->nodes.n = o->nodes.cap = o->active.n = o->active.cap = 0;
}

void
xccdf_oval_free(struct xccdf_oval *o)
{
    if (!o)
        return;
    close_report(o);
    arena_free(o->kept);
    arena_free(o->refs_arena);
    buf_done(&o->text);
    buf_done(&o->value);
}

/* ---- what is asked ---- */

void
xccdf_oval_forget_refs(struct xccdf_oval *o)
{
    o->refs.n = 0;
    if (arena_used(o->refs_arena) < 1 << 20)
        return;
    arena_free(o->refs_arena);
    o->refs_arena = arena_new();
    o->refs.v = NULL;
    o->refs.cap = 0;
}

void
xccdf_oval_ref(struct xccdf_oval *o, struct xml_attrs attrs, bool negate)
{
    struct str href = xml_attr(attrs, "href"), name = xml_attr(attrs, "name");
    if (!name.len || o->refs.n >= MAX_REFS || href.len > MAX_REF || name.len > MAX_REF)
        return;
    *VEC_PUSH(o->refs_arena, &o->refs) =
        (struct oval_ref){arena_str(o->refs_arena, href), arena_str(o->refs_arena, name), negate};
}

void
xccdf_oval_want(struct xccdf_oval *o, size_t scan, size_t result)
{
    for (size_t i = 0; i < o->refs.n && o->wants.n < LIMIT_OVAL_WANTS; i++) {
        struct oval_want *w = VEC_PUSH(o->kept, &o->wants);
        *w = (struct oval_want){.scan = scan, .result = result, .ref = o->refs.v[i]};
        w->ref.href = arena_str(o->kept, w->ref.href);
        w->ref.name = arena_str(o->kept, w->ref.name);
    }
}

/* "#oval0" names the report; a file's name or nothing names none, and then the id of the definition
 * must be enough. */
static bool
may_answer(const struct oval_ref *ref, struct str report)
{
    if (!str_starts(ref->href, "#"))
        return true;
    return str_eq(str_n(ref->href.s + 1, ref->href.len - 1), report);
}

bool
xccdf_oval_begin(struct xccdf_oval *o, struct str report)
{
    assert(!o->now && o->active.n == 0);
    o->came_early = o->came_early || o->wants.n == 0;
    if (!xccdf_oval_spend(o, o->wants.n))
        return false;
    struct arena *now = arena_new();
    for (size_t i = 0; i < o->wants.n; i++)
        if (may_answer(&o->wants.v[i].ref, report) && o->wants.v[i].n_causes == 0)
            *VEC_PUSH(now, &o->active) = i;
    o->now = now;
    if (!o->active.n) {
        close_report(o);
        return false;
    }
    o->definitions = map_new(now);
    o->tests = map_new(now);
    o->items = map_new(now);
    o->depth = o->n_open = 0;
    o->areas[0] = A_RESULTS;
    o->is_full = false;
    return true;
}

/* ---- the elements ---- */

static enum oval_word
word_of(struct xml_attrs attrs)
{
    struct str s = xml_attr(attrs, "result");
    return str_eqc(s, "true") ? OVAL_TRUE : str_eqc(s, "false") ? OVAL_FALSE : OVAL_OTHER;
}

/* False when what the open report takes is too much: from there on it is passed over. */
static bool
has_room(struct xccdf_oval *o)
{
    o->is_full = o->is_full || arena_used(o->now) > LIMIT_OVAL_KEPT;
    return !o->is_full;
}

static bool
enter(struct xccdf_oval *o, enum area area)
{
    assert(o->depth < LIMIT_XML_DEPTH);
    o->areas[++o->depth] = area;
    return true;
}

static bool
start_in_results(struct xccdf_oval *o, struct str name)
{
    static const struct {
        const char *name;
        enum area area;
    } into[] = {{"oval_definitions", A_SOURCE}, {"results", A_RESULTS},
                {"system", A_RESULTS},          {"oval_system_characteristics", A_RESULTS},
                {"definitions", A_DEFINITIONS}, {"tests", A_TESTS},
                {"system_data", A_ITEMS}};
    for (size_t i = 0; i < sizeof into / sizeof *into; i++)
        if (str_eqc(name, into[i].name))
            return enter(o, into[i].area);
    return false;
}

/* The first test of an id counts. */
static void
take_comment(struct xccdf_oval *o, struct xml_attrs attrs)
{
    struct str id = xml_attr(attrs, "id"), comment = xml_attr(attrs, "comment");
    if (!id.len || !comment.len || id.len > MAX_REF || map_get(o->tests, id))
        return;
    struct oval_test *t = ARENA_NEW(o->now, struct oval_test);
    *t = (struct oval_test){.comment = arena_str(o->now, utf8_cut(comment, MAX_COMMENT))};
    map_put(o->tests, arena_str(o->now, id), t);
}

/* Definitions that are neither true nor false made nothing fail. */
static bool
start_definition(struct xccdf_oval *o, struct xml_attrs attrs)
{
    struct str id = xml_attr(attrs, "definition_id");
    if (word_of(attrs) == OVAL_OTHER || !id.len || id.len > MAX_REF || map_get(o->definitions, id))
        return false;
    struct oval_definition *def = ARENA_NEW(o->now, struct oval_definition);
    *def = (struct oval_definition){.first = o->nodes.n};
    map_put(o->definitions, arena_str(o->now, id), def);
    o->definition = def;
    o->n_open = 0;
    return enter(o, A_CRITERIA);
}

static struct oval_node *
add_node(struct xccdf_oval *o, struct xml_attrs attrs, struct str ref)
{
    struct oval_node *n = VEC_PUSH(o->now, &o->nodes);
    struct str negate = xml_attr(attrs, "negate");
    *n =
        (struct oval_node){.result = word_of(attrs),
                           .negate = str_eqc(negate, "true") || str_eqc(negate, "1"),
                           .ref = ref.len && ref.len <= MAX_REF ? arena_str(o->now, ref) : STR("")};
    return n;
}

static bool
start_criteria(struct xccdf_oval *o, struct str name, struct xml_attrs attrs)
{
    assert(o->definition);
    if (str_eqc(name, "criterion"))
        add_node(o, attrs, xml_attr(attrs, "test_ref"))->kind = OVAL_CRITERION;
    if (str_eqc(name, "extend_definition"))
        add_node(o, attrs, xml_attr(attrs, "definition_ref"))->kind = OVAL_EXTEND;
    if (!str_eqc(name, "criteria"))
        return false;
    struct str how = xml_attr(attrs, "operator");
    o->open[o->n_open++] = o->nodes.n;
    add_node(o, attrs, STR(""))->counts = str_eqc(how, "ONE") || str_eqc(how, "XOR");
    return enter(o, A_CRITERIA);
}

static bool
start_test(struct xccdf_oval *o, struct xml_attrs attrs)
{
    struct oval_test *t = map_get(o->tests, xml_attr(attrs, "test_id"));
    if (!t || !t->is_needed || t->is_done)
        return false;
    o->test = t;
    return enter(o, A_TEST);
}

static void
take_tested_item(struct xccdf_oval *o, struct xml_attrs attrs)
{
    struct str id = xml_attr(attrs, "item_id");
    enum oval_word word = word_of(attrs);
    size_t at = o->test->n_items[word]++;
    if (at >= LIMIT_OVAL_ITEMS || !id.len || id.len > MAX_REF)
        return;
    struct oval_item *it = map_get(o->items, id);
    if (!it) {
        it = ARENA_NEW(o->now, struct oval_item);
        it->text = STR("");
        map_put(o->items, arena_str(o->now, id), it);
    }
    o->test->items[word][at] = it;
}

/* ---- items ---- */

/* Adds what fits; *cut = some did not. */
static void
add_cut(struct buf *b, struct str s, bool *cut)
{
    struct str fits = *cut ? STR("") : utf8_cut(s, b->max - b->len);
    *cut = *cut || fits.len < s.len;
    buf_str(b, fits);
}

static bool
start_item(struct xccdf_oval *o, struct str name, struct xml_attrs attrs)
{
    struct oval_item *it = map_get(o->items, xml_attr(attrs, "id"));
    if (!it || it->text.len)
        return false;
    o->item = it;
    o->text_cut = o->has_path = o->is_shadow = false;
    buf_cut(&o->text, 0);
    add_cut(&o->text, name, &o->text_cut);
    return enter(o, A_ITEM);
}

/* What the item repeats of the question, or of itself, and the time of the last look at it. */
static bool
is_noise(const struct xccdf_oval *o, struct str field)
{
    static const char *const names[] = {"message", "pattern", "line", "a_time"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eqc(field, names[i]))
            return true;
    return o->has_path && (str_eqc(field, "path") || str_eqc(field, "filename"));
}

/* What a scanner could not read it says in the status. */
static bool
start_field(struct xccdf_oval *o, struct str name, struct xml_attrs attrs)
{
    struct str status = xml_attr(attrs, "status");
    if (o->text_cut || is_noise(o, name))
        return false;
    o->field = arena_str(o->now, utf8_cut(name, MAX_VALUE));
    o->value_cut = o->is_hidden = false;
    buf_cut(&o->value, 0);
    if (status.len && !str_eqc(status, "exists")) {
        add_cut(&o->value, STR("("), &o->value_cut);
        add_cut(&o->value, status, &o->value_cut);
        add_cut(&o->value, STR(")"), &o->value_cut);
    }
    return enter(o, A_FIELD);
}

static bool
names_secret(struct str field)
{
    return str_ieqc(field, "password") || str_ieqc(field, "passwd") ||
           str_ieqc(field, "passphrase");
}

/* Hashes of passwords and keys have no place in a report, whatever collected them. */
static bool
is_secret(const struct xccdf_oval *o, struct str value)
{
    static const char *const contents[] = {"text", "subexpression", "value"};
    static const char *const signs[] = {"$1$",  "$5$",  "$6$",  "$7$",         "$y$",       "$gy$",
                                        "$2a$", "$2b$", "$2y$", "grub.pbkdf2", "-----BEGIN"};
    if (o->is_hidden || names_secret(o->field))
        return true;
    for (size_t i = 0; o->is_shadow && i < sizeof contents / sizeof *contents; i++)
        if (str_eqc(o->field, contents[i]))
            return true;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (str_find(value, signs[i]) >= 0)
            return true;
    return false;
}

/* A part of a record. */
static bool
start_part(struct xccdf_oval *o, struct xml_attrs attrs)
{
    struct str name = xml_attr(attrs, "name");
    o->is_hidden = o->is_hidden || names_secret(name);
    if (o->value.len)
        add_cut(&o->value, STR(" "), &o->value_cut);
    if (name.len) {
        add_cut(&o->value, name, &o->value_cut);
        add_cut(&o->value, STR("="), &o->value_cut);
    }
    return enter(o, A_FIELD);
}

static void
end_field(struct xccdf_oval *o)
{
    struct str value = str_trim(buf_view(&o->value));
    bool is_first = o->text.len && !memchr(o->text.data, ':', o->text.len);
    if (!value.len)
        return;
    bool is_file = str_eqc(o->field, "filepath") || str_eqc(o->field, "filename");
    o->has_path = o->has_path || str_eqc(o->field, "filepath");
    if (is_file && (str_ends(value, "shadow") || str_ends(value, "shadow-")))
        o->is_shadow = true;
    if (is_secret(o, value))
        value = STR("(not kept)");
    add_cut(&o->text, is_first ? STR(": ") : STR(", "), &o->text_cut);
    add_cut(&o->text, o->field, &o->text_cut);
    add_cut(&o->text, STR("="), &o->text_cut);
    add_cut(&o->text, value, &o->text_cut);
    if (o->value_cut)
        add_cut(&o->text, STR("\xe2\x80\xa6"), &o->text_cut);
}

static void
end_item(struct xccdf_oval *o)
{
    const char *mark = o->text_cut ? " \xe2\x80\xa6" : "";
    if (has_room(o))
        o->item->text = arena_fmt(o->now, "%.*s%s", (int)o->text.len, o->text.data, mark);
    o->item = NULL;
}

/* Blanks and line ends as one blank. */
void
xccdf_oval_text(struct xccdf_oval *o, struct str text)
{
    if (o->areas[o->depth] != A_FIELD)
        return;
    for (size_t i = 0; i < text.len && !o->value_cut;) {
        size_t n = 0;
        while (i + n < text.len && !isspace((unsigned char)text.s[i + n]))
            n++;
        add_cut(&o->value, str_n(text.s + i, n), &o->value_cut);
        i += n;
        while (i < text.len && isspace((unsigned char)text.s[i]))
            i++, n = SIZE_MAX;
        if (n == SIZE_MAX && o->value.len && o->value.data[o->value.len - 1] != ' ')
            add_cut(&o->value, STR(" "), &o->value_cut);
    }
}

/* ---- the walk ---- */

bool
xccdf_oval_start(struct xccdf_oval *o, struct str name, struct xml_attrs attrs)
{
    assert(o->now && o->depth >= 0);
    if (o->areas[o->depth] == A_FIELD)
        return start_part(o, attrs);
    if (!has_room(o))
        return o->areas[o->depth] == A_RESULTS && start_in_results(o, name);
    switch ((enum area)o->areas[o->depth]) {
    case A_RESULTS:
        return start_in_results(o, name);
    case A_SOURCE:
        return str_eqc(name, "tests") && enter(o, A_COMMENTS);
    case A_COMMENTS:
        take_comment(o, attrs);
        return false;
    case A_DEFINITIONS:
        return str_eqc(name, "definition") && start_definition(o, attrs);
    case A_CRITERIA:
        return start_criteria(o, name, attrs);
    case A_TESTS:
        return str_eqc(name, "test") && start_test(o, attrs);
    case A_TEST:
        if (str_eqc(name, "tested_item"))
            take_tested_item(o, attrs);
        return false;
    case A_ITEMS:
        return start_item(o, name, attrs);
    case A_ITEM:
        return start_field(o, name, attrs);
    default:
        return false;
    }
}

static void
end_criteria(struct xccdf_oval *o)
{
    if (o->n_open) {
        size_t at = o->open[--o->n_open];
        o->nodes.v[at].n_below = (uint32_t)(o->nodes.n - at - 1);
        return;
    }
    assert(o->definition && o->nodes.n >= o->definition->first);
    o->definition->n = o->nodes.n - o->definition->first;
    o->definition = NULL;
}

void
xccdf_oval_end(struct xccdf_oval *o, struct scan_file *file)
{
    assert(o->now && o->depth >= 0);
    if (o->depth == 0) {
        xccdf_oval_write(o, file);
        if (o->is_full)
            diag_warn(o->d, DIAG_WARN_TEXT, STR("oval_results"),
                      "more than %zu bytes of them would have to be kept: some evidence is missing",
                      LIMIT_OVAL_KEPT);
        close_report(o);
        return;
    }
    enum area area = (enum area)o->areas[o->depth--];
    if (area == A_CRITERIA)
        end_criteria(o);
    else if (area == A_DEFINITIONS)
        xccdf_oval_search(o);
    else if (area == A_TEST)
        o->test->is_done = true;
    else if (area == A_FIELD && o->areas[o->depth] == A_ITEM)
        end_field(o);
    else if (area == A_ITEM)
        end_item(o);
}

void
xccdf_oval_finish(struct xccdf_oval *o)
{
    if (o->steps >= LIMIT_OVAL_STEPS)
        diag_warn(o->d, DIAG_WARN_TEXT, STR("oval_results"),
                  "looking for what made rules fail took too long: some evidence is missing");
    if (o->came_early && o->wants.n && !o->has_answered)
        diag_warn(o->d, DIAG_WARN_TEXT, STR("oval_results"),
                  "they stand before the TestResult: no evidence was taken from them");
}
