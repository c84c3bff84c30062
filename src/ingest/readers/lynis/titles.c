/* The table behind titles.h; asked by lynis.c once a test. */
#include "ingest/readers/lynis/titles.h"

#include "ingest/tables.h"

struct str
lynis_titles_find(struct str id)
{
    struct str rest = tables_get(TABLE_LYNIS_TITLES);
    while (rest.len) {
        struct str line = str_cut(&rest, '\n');
        if (str_eq(str_cut(&line, '\t'), id))
            return line;
    }
    return STR("");
}
