/* What every command shares: global options, settings, messages, exit status.
 * What:   standard output is data, standard error is messages. Silent on success unless a terminal
 *         or -v asks for more. A command returns its exit status.
 * Owner:  main owns the struct; texts live in its arena.
 * Units:  exit status as in doc/man/assay.1.
 * Errors: printed once, by cli_fail.   See: HACKING.md, "Adding a command" */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "act/act.h"
#include "cli/opt.h"

struct cli {
    struct arena *arena;
    struct diag diag;
    const char *config_path, *state_dir;
    bool json, quiet, verbose, dry_run, help;
    struct opt_words progress, log_format;
    bool waits_for_ever; /* for the database: set before cli_open by a command that stays */
    struct config config;
    struct act *act; /* opened by cli_open */
    const char **args;
    size_t n_args;
};

struct command {
    const char *name;       /* "ingest", "audit export" */
    const char *args;       /* for the usage line: "[PATH...]" */
    const char *summary;    /* one line */
    const char *example;    /* printed first in the help */
    const struct opt *opts; /* NULL = none of its own */
    bool is_plugin; /* called wrong it answers as monitoring plugins do: a line on standard output, 3 */
    int (*run)(struct cli *c);
};

/* The options every command takes (bound to the one struct cli of the process). */
const struct opt *cli_common(struct cli *c);
/* Loads the settings: also sets the zone and the clock. Returns 0, or the exit status printed. */
int cli_settle(struct cli *c);
/* The option --at of commands that make reports, behind cli_settle: data as they were known then. NULL = as they are
 * known now. DIAG_USAGE: no time, or one that is still to come. */
int cli_as_of(struct cli *c, const char *text);
/* cli_settle, then opens the database; want_schema as in act_open. 0 or the exit status. */
int cli_open(struct cli *c, bool want_schema);
/* Prints the failure of the diag and returns its exit status. */
int cli_fail(struct cli *c);
/* The same of a command line that says too little, or too much. */
int cli_misuse(struct cli *c, const char *want);
/* Prints "assay: warning: …" for each finding of d. */
void cli_warnings(const struct diag *d);
/* A message on standard error, unless quiet. */
void cli_say(const struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Says that an act has no record, and why, when d has failed. */
void cli_not_noted(const struct cli *c, const struct diag *d);
/* A message only with -v or on a terminal. */
void cli_note(const struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Once the options are read: how messages look from now on. -1: --progress or --log-format has no such word. */
int cli_set_messages(struct cli *c, const char *command);
/* Writes a str and a newline to standard output; -1 with the diag set when that fails. */
int cli_print(struct cli *c, struct str s);

/* One line of standard input into line, which the caller wipes; a terminal does not show it. False: there is none. */
bool cli_read_secret(const char *prompt, char *line, size_t size);

/* All commands, ended by name == NULL. */
extern const struct command *const cli_commands[];

#endif
