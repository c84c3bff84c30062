/* The one parser and the one help printer of all commands. */
#include "cli/opt.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const struct opt *
find_long(const struct opt *opts, struct str name)
{
    for (; opts && opts->type != OPT_END; opts++)
        if (str_eqc(name, opts->name))
            return opts;
    return NULL;
}

static const struct opt *
find_letter(const struct opt *opts, char letter)
{
    assert(letter);
    for (; opts && opts->type != OPT_END; opts++)
        if (opts->letter == letter)
            return opts;
    return NULL;
}

static int
set_option(const struct opt *o, const char *value, struct diag *d)
{
    assert(o->value && value);
    struct opt_words *w = o->value;
    struct opt_list *l = o->value;
    if (o->type != OPT_LIST) {
        assert(o->type == OPT_VALUE || o->type == OPT_WORDS);
        *(o->type == OPT_WORDS ? &w->value : (const char **)o->value) = value;
        return 0;
    }
    if (l->n == OPT_LIST_MAX)
        return diag_fail(d, DIAG_USAGE, "--%s can be given %d times", o->name, OPT_LIST_MAX);
    l->v[l->n++] = value;
    return 0;
}

/* One option with its value; *i moves on when the value is the next argument. */
static int
take_option(const struct opt *o, const char *attached, int argc, char **argv, int *i,
            struct diag *d)
{
    if (o->type == OPT_SWITCH) {
        if (attached)
            return diag_fail(d, DIAG_USAGE, "--%s takes no value", o->name);
        *(bool *)o->value = true;
        return 0;
    }
    assert(o->place); /* what takes a value says which */
    if (!attached && *i + 1 >= argc)
        return diag_fail(d, DIAG_USAGE, "--%s wants %s", o->name, o->place);
    return set_option(o, attached ? attached : argv[++*i], d);
}

static int
take_long(const struct opt *common, const struct opt *opts, int argc, char **argv, int *i,
          struct diag *d)
{
    struct str rest = str_c(argv[*i] + 2), name = str_cut(&rest, '=');
    const char *attached = strchr(argv[*i], '=');
    const struct opt *o = find_long(opts, name);
    if (!o)
        o = find_long(common, name);
    if (!o)
        return diag_fail(d, DIAG_USAGE, "unknown option --%.*s", STR_ARG(name));
    return take_option(o, attached ? attached + 1 : NULL, argc, argv, i, d);
}

static int
take_letters(const struct opt *common, const struct opt *opts, int argc, char **argv, int *i,
             struct diag *d)
{
    assert(argv[*i][0] == '-' && argv[*i][1]);
    for (const char *p = argv[*i] + 1; *p; p++) {
        const struct opt *o = find_letter(opts, *p);
        if (!o)
            o = find_letter(common, *p);
        if (!o)
            return diag_fail(d, DIAG_USAGE, "unknown option -%c", *p);
        if (o->type != OPT_SWITCH)
            /* -ofile, or -o file: the rest of the word is the value */
            return take_option(o, p[1] ? p + 1 : NULL, argc, argv, i, d);
        *(bool *)o->value = true;
    }
    return 0;
}

int
opt_parse(const struct opt *common, const struct opt *opts, int argc, char **argv,
          const char **rest, size_t *ret_n, struct diag *d)
{
    assert(argc > 0);
    size_t n = 0;
    for (int i = 1; i < argc; i++) {
        int rc = 0;
        if (strcmp(argv[i], "--") == 0) {
            while (++i < argc)
                rest[n++] = argv[i];
        } else if (strncmp(argv[i], "--", 2) == 0) {
            rc = take_long(common, opts, argc, argv, &i, d);
        } else if (argv[i][0] == '-' && argv[i][1]) {
            rc = take_letters(common, opts, argc, argv, &i, d);
        } else {
            rest[n++] = argv[i];
        }
        if (rc != 0)
            return -1;
    }
    *ret_n = n;
    return 0;
}

void
opt_print(const struct opt *opts)
{
    for (; opts && opts->type != OPT_END; opts++) {
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", opts->name, opts->place ? " " : "",
                 opts->place ? opts->place : "");
        if (opts->letter)
            printf("  -%c, %-26s ", opts->letter, left);
        else
            printf("      %-26s ", left);
        const struct opt_words *w = opts->type == OPT_WORDS ? opts->value : NULL;
        for (size_t i = 0; w && w->word_at(i); i++)
            printf("%s%s", w->word_at(i), w->word_at(i + 1) ? "," : " ");
        printf("%s\n", opts->help);
    }
}
