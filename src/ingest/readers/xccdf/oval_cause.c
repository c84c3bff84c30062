/* Why a rule failed, from the results of OVAL: behind oval.c, which has read them. */
#include <assert.h>

#include "base/utf8.h"
#include "ingest/readers/xccdf/oval.h"
#include "ingest/take.h"

enum { MAX_SEARCH_DEPTH = 128 };

/* ---- which tests ---- */

struct search {
    struct xccdf_oval *o;
    struct oval_want *want;
    int depth;
};

bool
xccdf_oval_spend(struct xccdf_oval *o, size_t n)
{
    size_t left = LIMIT_OVAL_STEPS - o->steps;
    assert(o->steps <= LIMIT_OVAL_STEPS);
    o->steps += n < left ? n : left;
    return n <= left;
}

static void
add_cause(struct search *s, const struct oval_node *n, bool wanted)
{
    struct xccdf_oval *o = s->o;
    struct oval_want *w = s->want;
    for (size_t i = 0; i < w->n_causes; i++)
        if (str_eq(w->causes[i].id, n->ref))
            return;
    if (w->n_causes == LIMIT_OVAL_TESTS) {
        w->n_more++;
        return;
    }
    struct oval_test *t = map_get(o->tests, n->ref);
    if (!t) { /* without a comment its id must do */
        t = ARENA_NEW(o->now, struct oval_test);
        *t = (struct oval_test){.comment = n->ref};
        map_put(o->tests, n->ref, t);
    }
    t->is_needed = true;
    w->causes[w->n_causes++] = (struct oval_cause){t, n->ref, wanted};
}

static void search_nodes(struct search *s, size_t first, size_t n, bool wanted, bool any);

/* Each definition once in a search: they may extend each other in a circle. */
static void
search_definition(struct search *s, struct str id, bool wanted)
{
    struct oval_definition *def = map_get(s->o->definitions, id);
    if (!def || def->serial == s->o->n_searches)
        return;
    def->serial = s->o->n_searches;
    search_nodes(s, def->first, def->n, wanted, false);
}

static void
search_node(struct search *s, size_t at, bool wanted)
{
    const struct oval_node *n = &s->o->nodes.v[at];
    bool inner = wanted != n->negate;
    if (n->kind == OVAL_CRITERION && n->ref.len)
        add_cause(s, n, inner);
    else if (n->kind == OVAL_EXTEND)
        search_definition(s, n->ref, inner);
    else if (n->kind == OVAL_CRITERIA)
        search_nodes(s, at + 1, n->n_below, inner, n->counts);
}

/* Of these siblings those that are not as wanted; any = how many of them hold is what counts, so
 * that each has its part in it. */
static void
search_nodes(struct search *s, size_t first, size_t n, bool wanted, bool any)
{
    assert(first + n <= s->o->nodes.n);
    if (s->depth >= MAX_SEARCH_DEPTH)
        return;
    s->depth++;
    for (size_t i = first; i < first + n && xccdf_oval_spend(s->o, 1);
         i += 1 + s->o->nodes.v[i].n_below) {
        enum oval_word is = s->o->nodes.v[i].result;
        if (any && is != OVAL_OTHER)
            search_node(s, i, is == OVAL_FALSE);
        else if (is == (wanted ? OVAL_FALSE : OVAL_TRUE))
            search_node(s, i, wanted);
    }
    s->depth--;
}

void
xccdf_oval_search(struct xccdf_oval *o)
{
    for (size_t i = 0; i < o->active.n; i++) {
        struct oval_want *w = &o->wants.v[o->active.v[i]];
        struct search s = {.o = o, .want = w};
        if (w->n_causes || !xccdf_oval_spend(o, 1))
            continue; /* n_causes: by another system of the same report */
        w->causes = arena_alloc(o->now, LIMIT_OVAL_TESTS * sizeof *w->causes);
        o->n_searches++;
        search_definition(&s, w->ref.name, !w->ref.negate);
        assert(s.depth == 0 && w->n_causes <= LIMIT_OVAL_TESTS);
    }
}

/* ---- the words ---- */

static void
write_items(struct buf *b, const struct oval_test *t, bool wanted)
{
    /* To blame are the items that are not as wanted, else whatever the test looked at. */
    enum oval_word word = wanted ? OVAL_FALSE : OVAL_TRUE;
    if (!t->n_items[word])
        word = t->n_items[OVAL_OTHER] ? OVAL_OTHER : wanted ? OVAL_TRUE : OVAL_FALSE;
    size_t n = t->n_items[word], shown = 0;
    for (size_t i = 0; i < n && i < LIMIT_OVAL_ITEMS; i++) {
        const struct oval_item *it = t->items[word][i];
        if (!it || !it->text.len)
            continue;
        buf_fmt(b, "\n  %.*s", STR_ARG(it->text));
        shown++;
    }
    if (n == 0 && t->is_done)
        buf_puts(b, "\n  nothing of the kind was found");
    if (shown < n)
        buf_fmt(b,
                shown ? "\n  and %zu more items" : "\n  %zu items that the file does not tell of",
                n - shown);
}

static void
write_want(struct buf *b, const struct oval_want *w)
{
    size_t n_more = w->n_more;
    for (size_t i = 0; i < w->n_causes; i++) {
        const struct oval_cause *c = &w->causes[i];
        if (b->len > LIMIT_OVAL_TEXT) {
            n_more += w->n_causes - i;
            break;
        }
        buf_fmt(b, "%s%s: %.*s", b->len ? "\n" : "",
                c->wanted ? "not true" : "true but must not be", STR_ARG(c->test->comment));
        write_items(b, c->test, c->wanted);
    }
    if (n_more)
        buf_fmt(b, "\nand %zu more tests", n_more);
}

void
xccdf_oval_write(struct xccdf_oval *o, struct scan_file *file)
{
    AUTO_BUF b = buf_init(LIMIT_TEXT);
    for (size_t i = 0; i < o->active.n; i++) {
        const struct oval_want *w = &o->wants.v[o->active.v[i]];
        if (!w->n_causes || w->scan >= file->scans.n)
            continue;
        assert(w->result < file->scans.v[w->scan].results.n);
        if (o->evidence_bytes > LIMIT_OVAL_EVIDENCE) {
            o->is_full = true;
            return;
        }
        buf_cut(&b, 0);
        write_want(&b, w);
        assert(!buf_bad(&b));
        struct scan_result *res = &file->scans.v[w->scan].results.v[w->result];
        struct str text = buf_view(&b);
        if (res->evidence.len)
            text = arena_fmt(o->now, "%.*s\n%.*s", STR_ARG(res->evidence), STR_ARG(text));
        res->evidence = take_text(o->a, text, LIMIT_TEXT, STR("evidence"), o->d);
        o->evidence_bytes += b.len;
        o->has_answered = true;
    }
}
