/* Command lines: options as data, so that help and parser cannot differ.
 * What:   each command has an array of rows; one parser fills the variables, one printer writes the
 *         help. Long options take "--name VALUE" or "--name=VALUE"; short ones can be bundled.
 * Owner:  values point into argv.
 * Units:  none.   Errors: DIAG_USAGE.   See: HACKING.md, "Adding a command" */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include "base/diag.h"

enum opt_type {
    OPT_END = 0,
    OPT_SWITCH, /* bool: set to true */
    OPT_VALUE,  /* const char *: the last one wins */
    OPT_WORDS, /* struct opt_words: as OPT_VALUE; its words, which stand in a list, begin the help */
    OPT_LIST   /* struct opt_list: every one is kept */
};

enum { OPT_LIST_MAX = 64 };

struct opt_list {
    const char *v[OPT_LIST_MAX];
    size_t n;
};

struct opt_words {
    const char *value;
    const char *(*word_at)(size_t i); /* what the value is made of, NULL behind the last */
};

struct opt {
    enum opt_type type;
    const char *name;  /* long, without dashes */
    char letter;       /* 0 = none */
    void *value;       /* bool *, const char **, struct opt_words *, struct opt_list * */
    const char *place; /* placeholder of the value */
    const char *help;
};

/* Parses argv[1..]; what is no option goes to rest (argc entries are enough) in order. */
int opt_parse(const struct opt *common, const struct opt *opts, int argc, char **argv,
              const char **rest, size_t *ret_n, struct diag *d);
/* Prints rows as help lines to standard output. */
void opt_print(const struct opt *opts);

#endif
