/* SQL cut into words: what a migration says and what a server says of it, so that the two can be
 * compared.
 * What:   names and keywords in lower case and without quotes, numbers (x'1F' as 0x1f), texts with their quotes, signs.
 *         Comments, and marks of a text's character set, are left out.
 * Owner:  texts live in the given arena.   Units: none.
 * Errors: none: what is no SQL becomes signs. */
#ifndef STORE_SQL_WORDS_H
#define STORE_SQL_WORDS_H

#include "base/arena.h"
#include "base/vec.h"

typedef VEC(struct str) sql_words;

/* All words of a statement. */
void sql_words_of(struct str sql, struct arena *a, sql_words *ret);
/* A SELECT in one form, however it is spelled: without parentheses and names of the schema, each column
 * with the name it gets. Equal texts mean the same query. */
struct str sql_words_select(struct str sql, struct str schema, struct arena *a);

#endif
