/* Detail sets as they were written before schema 023: for tests of rows that are still in that form. */
#ifndef TESTS_STORE_LARGE_DETAILS_H
#define TESTS_STORE_LARGE_DETAILS_H

#include "db.h"
#include "store/detail_base.h"

static inline struct str
large_hex(struct db *t, struct str s)
{
    AUTO_BUF b = buf_init(1 << 24);
    buf_hex(&b, s.s, s.len);
    return arena_str(t->a, buf_view(&b));
}

static inline void
large_run(struct db *t, struct str sql)
{
    CHECK(mysql_real_query(t->st->db, sql.s, sql.len) == 0);
}

/* Every set gets its large form, and what it had itself of evidence a row; bases go. */
static inline void
large_details(struct db *t)
{
    struct str all = db_rows(t->st, t->a, "SELECT LOWER(HEX(hash)) FROM detail_set ORDER BY hash");
    while (all.len) {
        struct str hex = str_cut(&all, ';');
        struct hash16 h;
        struct detail_form set;
        struct details v;
        for (size_t i = 0; i < sizeof h.b; i++) {
            char two[3] = {hex.s[2 * i], hex.s[2 * i + 1], 0};
            h.b[i] = (unsigned char)strtoul(two, NULL, 16);
        }
        CHECK(db_ok(t, detail_set_load(t->st, &h, t->a, &set, &t->d)));
        detail_pack_form(&set, t->a, &v);
        CHECK(memcmp(v.hash.b, h.b, sizeof h.b) == 0);
        for (size_t i = 0; i < set.n_pos; i++)
            if (set.at[i] && set.at[i]->kind == DETAIL_HERE)
                large_run(t, arena_fmt(t->a, "INSERT IGNORE INTO evidence VALUES (x'%s', x'%s')",
                                       ids_hex(t->a, &set.at[i]->hash).s,
                                       large_hex(t, set.at[i]->evidence).s));
        large_run(t, arena_fmt(t->a,
                               "UPDATE detail_set SET records = x'%s', words = x'%s', base = NULL "
                               "WHERE hash = x'%.*s'",
                               large_hex(t, v.records).s, large_hex(t, v.words).s, STR_ARG(hex)));
    }
    large_run(t, STR("DELETE FROM detail_base"));
    detail_bases_forget(t->st);
}

#endif
