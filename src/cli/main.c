/* The program: finds the command, parses its options, runs it, returns its exit status. */
#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "cli/message.h"
#include "cli/version.h"

static void
print_commands(FILE *to)
{
    int width = 0;
    for (const struct command *const *c = cli_commands; *c; c++)
        width = width > (int)strlen((*c)->name) ? width : (int)strlen((*c)->name);
    fputs("usage: assay COMMAND [OPTIONS] [ARGUMENTS]\n\ncommands:\n", to);
    for (const struct command *const *c = cli_commands; *c; c++)
        fprintf(to, "  %-*s  %s\n", width, (*c)->name, (*c)->summary);
    fputs("\nassay COMMAND --help tells more; the manual is assay(1).\n", to);
}

static void
print_help(const struct command *cmd, struct cli *c)
{
    printf("example: %s\n\nusage: assay %s [OPTIONS]%s%s\n%s\n\n", cmd->example, cmd->name,
           cmd->args[0] ? " " : "", cmd->args, cmd->summary);
    if (cmd->opts)
        opt_print(cmd->opts);
    opt_print(cli_common(c));
}

/* The command named by the first one or two words; *ret_words says how many. */
static const struct command *
find_command(int argc, char **argv, int *ret_words)
{
    for (const struct command *const *c = cli_commands; *c; c++) {
        struct str second = str_c((*c)->name), first = str_cut(&second, ' ');
        int words = second.len ? 2 : 1;
        if (argc <= words || !str_eqc(first, argv[1]))
            continue;
        if (words == 2 && !str_eqc(second, argv[2]))
            continue;
        assert(words < argc);
        *ret_words = words;
        return *c;
    }
    return NULL;
}

/* Parses what follows the command's words, and runs it. */
static int
run_command(const struct command *cmd, struct cli *c, int argc, char **argv)
{
    assert(cmd->run && argc > 0);
    c->args = (const char **)arena_alloc(c->arena, sizeof(char *) * (size_t)(argc + 1));
    int parsed = opt_parse(cli_common(c), cmd->opts, argc, argv, c->args, &c->n_args, &c->diag);
    if (parsed == 0 && !c->help && !cmd->args[0] && c->n_args)
        parsed = diag_fail(&c->diag, DIAG_USAGE, "want no arguments");
    if (parsed != 0 || cli_set_messages(c, cmd->name) != 0) {
        int status = cli_fail(c);
        fprintf(stderr, "assay: try: assay %s --help\n", cmd->name);
        if (!cmd->is_plugin)
            return status;
        printf("UNKNOWN - %.*s\n", STR_ARG(diag_text(&c->diag)));
        return 3;
    }
    if (c->help) {
        print_help(cmd, c);
        return 0;
    }
    int status = cmd->run(c);
    message_progress_end();
    return status;
}

/* Words before a command, and words that are none. */
static int
without_command(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        version_print();
        return 0;
    }
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
        print_commands(stdout);
        return 0;
    }
    if (argc > 1)
        fprintf(stderr, "assay: no command \"%s\"\n", argv[1]);
    print_commands(stderr);
    return 64;
}

/* Passwords and keys pass through: no core, and no look into it for others of the same account. What checks memory
 * itself has to look. */
static void
keep_memory_private(void)
{
#ifndef __SANITIZE_ADDRESS__
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

int
main(int argc, char **argv)
{
    int words;
    signal(SIGPIPE, SIG_IGN);
    umask(027);
    keep_memory_private();
    const struct command *cmd = find_command(argc, argv, &words);
    if (!cmd)
        return without_command(argc, argv);
    struct cli c = {.arena = arena_new()};
    c.diag = diag_init(c.arena);
    int status = run_command(cmd, &c, argc - words, argv + words);
    act_close(c.act);
    arena_free(c.arena);
    return status;
}
