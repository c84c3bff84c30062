/* "WHAT [OPTION=VALUE]…": what the lines of assay.conf that name somewhere to send to have in common.
 * What:   the options are rows of a table (settings/settings.h) about the struct that the line becomes; values with
 *         blanks stand in quotes. What stands before them may have blanks, too: it is the name of a file.
 * Owner:  texts live in the given arena.
 * Units:  none.
 * Errors: DIAG_CONFIG: no such option, or as settings/settings.h.
 * See:    target_options.c and recipients.c, which are two tables of it */
#ifndef SETTINGS_OPTION_LINE_H
#define SETTINGS_OPTION_LINE_H

#include "settings/settings.h"

struct option_table {
    const struct setting *rows;
    size_t n;
    const char *noun; /* whose options they are: "a target" */
};

/* Cuts the line where its options begin, and returns what stands before them. */
struct str option_line_cut(struct str *rest);
/* Sets one OPTION=VALUE in the struct at base. */
int option_line_set(const struct option_table *t, void *base, struct str option, struct arena *a,
                    struct diag *d);
/* Sets all that stand in rest. */
int option_line_read(const struct option_table *t, void *base, struct str rest, struct arena *a,
                     struct diag *d);
/* Prints " OPTION=VALUE" of every option that is not its standard. */
void option_line_print(const struct option_table *t, const void *base, struct buf *out);
/* The check of a name that stands in options: letters, digits, ".", "_" and "-", 64 at most. */
int option_line_check_name(struct str value, struct diag *d);
/* Fails when the address behind "://" has a login in it, which is printed everywhere; instead says what to use. */
int option_line_check_login(struct str path, const char *instead, struct diag *d);

#endif
