/* The table behind lynis_titles.h; asked by lynis.c once a test. */
#include "ingest/lynis_titles.h"

#include <assert.h>

#include "base/embed.h"

struct str
lynis_titles_find(struct str id)
{
    const struct embed_file *f = embed_find("templates/mappings/lynis-titles.tsv");
    assert(f);
    struct str rest = str_n(f->data, f->len);
    while (rest.len) {
        struct str line = str_cut(&rest, '\n');
        if (str_eq(str_cut(&line, '\t'), id))
            return line;
    }
    return STR("");
}
