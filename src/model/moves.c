/* Histories as texts: the agent's name on the first line, its group before all moves on the second, then a move a
 * line, "FROM TOLD GROUP move|FILE". Written by store/moves.c, asked by store/load.c. */
#include "model/moves.h"

#include <assert.h>

#include "base/sha256.h"

enum { FILE_HEX = 16 }; /* digits of the file's hash that a line has */

struct str
moves_key(struct str agent, struct arena *a)
{
    struct sha256_digest d = sha256_of(agent);
    return arena_fmt(a, "group:%.*s", STR_ARG(sha256_hex(a, &d)));
}

struct str
moves_agent(struct str kept)
{
    return str_cut(&kept, '\n');
}

static uint64_t
group_of(struct str hex)
{
    uint64_t id = 0;
    for (size_t i = 0; i < hex.len; i++) {
        char c = hex.s[i];
        bool is_digit = c >= '0' && c <= '9';
        if (hex.len > 16 || (!is_digit && !(c >= 'a' && c <= 'f')))
            return 0;
        id = id << 4 | (uint64_t)(is_digit ? c - '0' : c - 'a' + 10);
    }
    return id;
}

/* Takes the next line from rest; false at the end, lines that are none are passed over. */
static bool
next_move(struct str *rest, struct move *ret)
{
    while (rest->len) {
        struct str line = str_cut(rest, '\n'), from = str_cut(&line, ' '),
                   told = str_cut(&line, ' '), group = str_cut(&line, ' ');
        *ret = (struct move){
            .group = group_of(group), .by = line, .by_officer = str_eqc(line, "move")};
        if (str_to_i64(from, &ret->from) && str_to_i64(told, &ret->told) && ret->group)
            return true;
    }
    return false;
}

/* The lines of the moves; *ret_first is the group before all of them. */
static struct str
lines_of(struct str kept, uint64_t *ret_first)
{
    str_cut(&kept, '\n');
    *ret_first = group_of(str_cut(&kept, '\n'));
    return kept;
}

uint64_t
moves_at(struct str kept, int64_t t, int64_t known)
{
    uint64_t group;
    int64_t since = INT64_MIN;
    struct str rest = lines_of(kept, &group);
    struct move m;
    while (group && next_move(&rest, &m)) {
        if (m.from > t || m.told > known || (m.from < since && !m.by_officer))
            continue;
        group = m.group;
        since = m.from;
    }
    return group;
}

bool
moves_has(struct str kept, uint64_t group)
{
    uint64_t first;
    struct str rest = lines_of(kept, &first);
    struct move m;
    bool has = first == group;
    while (!has && next_move(&rest, &m))
        has = m.group == group;
    return has;
}

struct str
moves_begin(struct str agent, uint64_t group, struct arena *a)
{
    assert(agent.len && group);
    return arena_fmt(a, "%.*s\n%llx\n", STR_ARG(agent), (unsigned long long)group);
}

/* The first line goes when there are too many, and is what came before the rest. */
static struct str
add_line(struct str kept, const struct move *m, struct arena *a)
{
    uint64_t first;
    size_t n = 0;
    struct str lines = lines_of(kept, &first), rest = lines,
               by = str_n(m->by.s, m->by.len < FILE_HEX ? m->by.len : FILE_HEX);
    struct move old;
    assert(first && m->group && (m->by_officer || by.len));
    while (next_move(&rest, &old))
        n++;
    rest = lines;
    for (; n >= MOVES_MAX && next_move(&rest, &old); n--)
        first = old.group;
    return arena_fmt(a, "%.*s\n%llx\n%.*s%lld %lld %llx %.*s\n", STR_ARG(moves_agent(kept)),
                     (unsigned long long)first, STR_ARG(rest), (long long)m->from,
                     (long long)m->told, (unsigned long long)m->group,
                     STR_ARG(m->by_officer ? STR("move") : by));
}

struct str
moves_add(struct str kept, const struct move *m, struct arena *a)
{
    uint64_t first;
    struct str rest = lines_of(kept, &first);
    struct move line = *m, old;
    while (!m->by_officer && next_move(&rest, &old))
        line.from = old.from > line.from ? old.from : line.from;
    return add_line(kept, &line, a);
}

struct str
moves_add_late(struct str kept, const struct move *m, int64_t next, struct arena *a)
{
    uint64_t first, was = moves_at(kept, m->from, INT64_MAX);
    struct str rest = lines_of(kept, &first);
    struct move back = *m, old;
    bool is_moved = false;
    assert(!m->by_officer && m->from < next);
    if (was == m->group)
        return kept;
    while (next_move(&rest, &old))
        is_moved = is_moved || (old.from > m->from && old.from <= next);
    back.from = next;
    back.group = was;
    kept = add_line(kept, m, a);
    return is_moved ? kept : add_line(kept, &back, a);
}
