/* Tables cut for people; the whole ones go to CSV files. Called by the PDF and HTML renderers. */
#include "render/pages.h"

#include <assert.h>

#include "base/utf8.h"
#include "render/number.h"
#include "render/renderers.h"

struct cutting {
    const struct render_options *o;
    struct arena *a;
    bool with_long;
    struct render_pages *ret;
    struct render_files *files;
    struct diag *d;
};

/* How many rows stay, totals apart. */
static size_t
n_shown(const struct cutting *c, const struct report_table *t)
{
    if (t->is_data)
        return 0;
    return c->with_long && t->page_rows && t->rows.n > t->page_rows ? t->page_rows : t->rows.n;
}

/* The hash stands on a line of its own: it is looked for and copied. */
static void
say_where(const struct cutting *c, const struct report_table *t, struct report_table *cut,
          const struct render_attachment *file)
{
    struct arena *a = c->a;
    const struct lang *l = c->ret->report.lang;
    struct sha256_digest digest = sha256_of(file->bytes);
    size_t totals = 0, shown = 0;
    for (size_t i = 0; i < t->rows.n; i++)
        totals += t->rows.v[i].is_total;
    for (size_t i = 0; i < cut->rows.n; i++)
        shown += !cut->rows.v[i].is_total;
    const char *key = !c->with_long ? "data.beside" : t->is_data ? "data.attached" : "data.cut";
    struct str text = LANG(l, a, key, {"n", number_int(l, a, (int64_t)shown)},
                           {"of", number_int(l, a, (int64_t)(t->rows.n - totals))},
                           {"file", utf8_name(a, file->name)});
    if (cut->rows.n == 0)
        cut->empty = text;
    else
        *VEC_PUSH(a, &cut->notes) = text;
    *VEC_PUSH(a, &cut->notes) = LANG(l, a, "data.hash", {"hash", sha256_hex(a, &digest)});
}

static struct report_table *
cut_table(struct cutting *c, const struct report_table *t, size_t most)
{
    struct arena *a = c->a;
    struct report_table *cut = ARENA_NEW(a, struct report_table);
    struct render_attachment file = {.title = t->title};
    if (csv_put_table(t, c->o, a, c->files, &file.name, &file.bytes, c->d) != 0)
        return NULL;
    *cut = *t;
    cut->rows.v = NULL;
    cut->rows.n = cut->rows.cap = 0;
    cut->notes.v = NULL;
    cut->notes.n = cut->notes.cap = 0;
    for (size_t i = 0; i < t->rows.n; i++)
        if (i < most || t->rows.v[i].is_total)
            *VEC_PUSH(a, &cut->rows) = t->rows.v[i];
    say_where(c, t, cut, &file);
    for (size_t i = 0; i < t->notes.n; i++)
        *VEC_PUSH(a, &cut->notes) = t->notes.v[i];
    *VEC_PUSH(a, &c->ret->data) = file;
    return cut;
}

/* The section with cut tables; itself when nothing in it is cut. NULL = failed. */
static const struct report_section *
cut_section(struct cutting *c, const struct report_section *s)
{
    struct report_section *copy = NULL;
    for (size_t i = 0; i < s->blocks.n; i++) {
        const struct report_block *b = &s->blocks.v[i];
        struct report_block other = *b;
        if (b->type == BLOCK_COLUMNS) {
            other.left = (struct report_section *)cut_section(c, b->left);
            other.right = other.left ? (struct report_section *)cut_section(c, b->right) : NULL;
            if (!other.right)
                return NULL;
        } else if (b->type == BLOCK_TABLE && b->table->rows.n > 0) {
            size_t most = n_shown(c, b->table);
            if (most < b->table->rows.n && !(other.table = cut_table(c, b->table, most)))
                return NULL;
        }
        if (other.left == b->left && other.right == b->right && other.table == b->table)
            continue;
        if (!copy) {
            copy = ARENA_NEW(c->a, struct report_section);
            *copy = *s;
            copy->blocks.v = arena_copy(c->a, s->blocks.v, s->blocks.n * sizeof *s->blocks.v);
            copy->blocks.cap = s->blocks.n;
        }
        copy->blocks.v[i] = other;
    }
    return copy ? copy : s;
}

int
render_pages_make(const struct report *r, const struct render_options *o, bool with_long,
                  struct arena *a, struct render_pages *ret, struct render_files *files,
                  struct diag *d)
{
    struct cutting c = {o, a, with_long, ret, files, d};
    *ret = (struct render_pages){.report = *r};
    ret->report.sections.v = NULL;
    ret->report.sections.n = ret->report.sections.cap = 0;
    for (size_t i = 0; i < r->sections.n; i++) {
        const struct report_section *s = cut_section(&c, &r->sections.v[i]);
        if (!s)
            return -1;
        *VEC_PUSH(a, &ret->report.sections) = *s;
    }
    assert(ret->report.sections.n == r->sections.n);
    return 0;
}
