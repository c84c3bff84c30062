/* Small steps of section builders: blocks, tables, columns, names. Above model/report.c; used by
 * every other file of the room. */
#include "compose/part.h"

#include <assert.h>

#include "compose/words.h"

enum { PAGE_ROWS = 80 }; /* of a table on pages, when the definition asks for no more */

struct str
part_text(const struct part *p, const char *key)
{
    return lang_get(p->lang, key);
}

void
part_add(struct part *p, enum block_type type, const char *key)
{
    report_add_text(p->arena, p->section, type, part_text(p, key));
}

void
part_add_str(struct part *p, enum block_type type, struct str text)
{
    report_add_text(p->arena, p->section, type, text);
}

/* Keys become anchors, file names and members of JSON: one that is taken gets a number behind it.
 */
const char *
part_key(struct part *p, struct str wanted)
{
    struct str key = wanted;
    long n = map_get_index(p->keys, wanted); /* the last number given out for it */
    for (; map_get_index(p->keys, key) >= 0; n++)
        key = arena_fmt(p->arena, "%.*s-%ld", STR_ARG(wanted), n + 1);
    key = arena_str(p->arena, key);
    map_put_index(p->keys, key, 1);
    if (!str_eq(key, wanted))
        map_put_index(p->keys, wanted, (size_t)n);
    return key.s;
}

void
part_pair(const struct part *p, struct report_block *b, const char *key, struct str value,
          bool mono)
{
    assert(b->type == BLOCK_PAIRS);
    *VEC_PUSH(p->arena, &b->pairs) =
        (struct report_pair){.label = part_text(p, key), .value = value, .mono = mono};
}

struct report_table *
part_table(struct part *p, const char *key, struct str title)
{
    assert(key && key[0]);
    if (!title.len)
        title = lang_get(p->lang, arena_fmt(p->arena, "table.%s", key).s);
    struct report_table *t =
        report_add_table(p->arena, p->section, part_key(p, str_c(key)), title);
    t->page_rows = p->def->n > PAGE_ROWS ? (size_t)p->def->n : PAGE_ROWS;
    return t;
}

void
part_column(const struct part *p, struct report_table *t, const char *key, enum cell_type type,
            double weight)
{
    bool right =
        type == CELL_INT || type == CELL_NUMBER || type == CELL_SCORE || type == CELL_RATIO;
    struct str title = STR("");
    if (type != CELL_BAR)
        title = LANG(p->lang, p->arena, arena_fmt(p->arena, "column.%s", key).s,
                     {"zone", p->report->zone});
    report_add_column(p->arena, t, key, title, type, right ? ALIGN_RIGHT : ALIGN_LEFT, weight);
}

void
part_note(const struct part *p, struct report_table *t, struct str text)
{
    assert(t);
    *VEC_PUSH(p->arena, &t->notes) = text;
}

void
part_note_count(const struct part *p, struct report_table *t, const char *key, size_t n)
{
    part_note(p, t, LANG(p->lang, p->arena, key, {"n", words_int(p->lang, p->arena, (int64_t)n)}));
}

void
part_note_partial(const struct part *p, struct report_row *r, const struct score_agent *s)
{
    if (s->is_partial)
        *VEC_PUSH(p->arena, &r->notes) = (struct report_note){.key = "scan",
                                                              .label = part_text(p, "note.scan"),
                                                              .text = part_text(p, "flag.partial")};
}

void
part_empty(const struct part *p, struct report_table *t, const char *key)
{
    t->empty = part_text(p, key);
}

void
part_empty_scans(const struct part *p, struct report_table *t, const char *key)
{
    part_empty(p, t, p->pick->n_scans ? key : "empty.no-scans");
}

void
part_empty_failures(const struct part *p, struct report_table *t)
{
    if (p->score->n_evaluated == 0)
        part_empty(p, t, "empty.nothing-evaluated");
    else
        part_empty(p, t, p->score->counts.failed ? "empty.no-single" : "empty.no-failures");
}

struct report_chart *
part_chart(struct part *p, enum chart_kind kind, const char *key, struct str title)
{
    struct report_chart *ch = ARENA_NEW(p->arena, struct report_chart);
    ch->kind = kind;
    ch->key = part_key(p, arena_fmt(p->arena, "chart-%s", key));
    ch->title = title;
    ch->alt = STR("");
    report_add(p->arena, p->section, BLOCK_CHART)->chart = ch;
    return ch;
}

struct chart_series *
part_series(const struct part *p, struct report_chart *ch, const char *key, struct str label,
            enum chart_role role)
{
    assert(ch->n_points > 0);
    struct chart_series *s = VEC_PUSH(p->arena, &ch->series);
    *s = (struct chart_series){.key = key,
                               .label = label,
                               .role = role,
                               .values = ARENA_ARRAY(p->arena, double, ch->n_points)};
    return s;
}

struct report_block *
part_columns(struct part *p, double left_share)
{
    assert(left_share > 0 && left_share < 1);
    struct report_block *b = report_add(p->arena, p->section, BLOCK_COLUMNS);
    b->left = ARENA_NEW(p->arena, struct report_section);
    b->right = ARENA_NEW(p->arena, struct report_section);
    b->left->key = "left";
    b->right->key = "right";
    b->left->title = b->right->title = STR("");
    b->left_share = left_share;
    p->section = b->left;
    return b;
}

void
part_right(struct part *p, struct report_block *columns)
{
    assert(columns->type == BLOCK_COLUMNS);
    p->section = columns->right;
}

void
part_whole(struct part *p, struct report_section *section)
{
    assert(section);
    p->section = section;
}

const struct fleet_agent *
part_agent(const struct part *p, size_t agent)
{
    assert(agent < p->fleet->agents.n);
    return &p->fleet->agents.v[agent];
}

struct report_cell
part_agent_cell(const struct part *p, size_t agent)
{
    const struct fleet_agent *ag = part_agent(p, agent);
    struct report_cell c = cell_name(ag->name);
    c.alias = words_alias(ag);
    return c;
}

void
part_agent_column(const struct part *p, struct report_table *t, double weight)
{
    part_column(p, t, "agent", CELL_TEXT, weight);
    t->columns.v[t->columns.n - 1].alias_title = part_text(p, "column.alias");
}

int64_t
part_today(const struct part *p)
{
    return p->in->as_of ? p->in->as_of : p->in->now;
}

bool
part_has_before(const struct part *p)
{
    return p->score->n_evaluated > 0 && p->score_before && p->score_before->n_evaluated > 0;
}

struct str
part_group(const struct part *p, size_t group)
{
    assert(group < p->fleet->groups.n);
    struct str name = p->fleet->groups.v[group].name;
    return name.len ? name : part_text(p, "group.none");
}

struct str
part_category(const struct part *p, struct str name, int number)
{
    if (number)
        return part_text(p, arena_fmt(p->arena, "category.%d", number).s);
    return name.len ? name : part_text(p, "category.none");
}

void
part_add_filter(struct part *p)
{
    const struct definition_section *d = p->def;
    struct arena *a = p->arena;
    if (d->groups.n)
        part_add_str(p, BLOCK_NOTE,
                     LANG(p->lang, a, "filter.groups",
                          {"groups", words_list(p->lang, a, d->groups.v, d->groups.n)}));
    if (d->agent.len)
        part_add_str(p, BLOCK_NOTE,
                     LANG(p->lang, a, "filter.agent", {"agent", words_name(a, d->agent)}));
    if (d->policy.len)
        part_add_str(p, BLOCK_NOTE,
                     LANG(p->lang, a, "filter.policy", {"policy", words_name(a, d->policy)}));
}
