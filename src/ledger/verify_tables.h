/* The tables behind the audit log, looked at as a whole: the schema, and every row of every fact.
 * What:   that the schema is the one this program makes, that no row is one that cannot be, and that what
 *         is named by a hash is what the hash says. That a row is the one that was stored the log says.
 * Owner:  texts live in the arena of the diag.
 * Units:  rows.
 * Errors: DIAG_VERIFY: the place is the row, or what of the schema; more of them are warnings.
 * See:    doc/database.md, "What is checked" */
#ifndef LEDGER_VERIFY_TABLES_H
#define LEDGER_VERIFY_TABLES_H

#include "act/act.h"

struct tables_verdict {
    struct store_tables rows;
    struct store_schema schema;
};

/* Looks at all of it, also when the schema is another one. */
int verify_tables_run(struct act *act, struct tables_verdict *ret, struct diag *d);
/* The schema alone, which costs little: "as this program makes it", and what the account could not see. */
int verify_tables_schema(struct act *act, struct arena *a, struct str *ret, struct diag *d);

#endif
