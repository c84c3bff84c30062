/* The shared half of every command: between main.c and the cmd_*.c. */
#include "cli/cli.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/env.h"
#include "base/utf8.h"
#include "cli/message.h"
#include "settings/zone.h"

static const char *
progress_word(size_t i)
{
    static const char *const words[] = {"auto", "always", "never", NULL};
    return words[i];
}

static const char *
log_word(size_t i)
{
    static const char *const words[] = {"text", "json", NULL};
    return words[i];
}

const struct opt *
cli_common(struct cli *c)
{
    static struct opt rows[10];
    const struct opt all[] = {
        {OPT_VALUE, "config", 'c', &c->config_path, "FILE",
         "settings (default /etc/assay/assay.conf)"},
        {OPT_VALUE, "state-dir", 0, &c->state_dir, "DIR", "where database, keys and spool live"},
        {OPT_SWITCH, "json", 0, &c->json, NULL, "print results as JSON"},
        {OPT_SWITCH, "dry-run", 'n', &c->dry_run, NULL, "say what would be done, change nothing"},
        {OPT_SWITCH, "quiet", 'q', &c->quiet, NULL, "errors only"},
        {OPT_SWITCH, "verbose", 'v', &c->verbose, NULL, "say what is done"},
        {OPT_WORDS, "progress", 0, &c->progress, "WHEN",
         "shows how far it is (auto: on a terminal)"},
        {OPT_WORDS, "log-format", 0, &c->log_format, "FORMAT", "of messages on standard error"},
        {OPT_SWITCH, "help", 'h', &c->help, NULL, "show this help"},
        {OPT_END, NULL, 0, NULL, NULL, NULL},
    };
    c->progress.word_at = progress_word;
    c->log_format.word_at = log_word;
    _Static_assert(sizeof rows == sizeof all, "a row each");
    memcpy(rows, all, sizeof all);
    return rows;
}

/* Where the word stands in its list, 0 = none was given; -1 = it does not. */
static int
find_word(const struct opt_words *w, const char *name, struct diag *d)
{
    for (int i = 0; w->value && w->word_at((size_t)i); i++)
        if (strcmp(w->value, w->word_at((size_t)i)) == 0)
            return i;
    return w->value ? diag_fail(d, DIAG_USAGE, "--%s: no word \"%s\"", name, w->value) : 0;
}

int
cli_set_messages(struct cli *c, const char *command)
{
    int json = find_word(&c->log_format, "log-format", &c->diag),
        when = find_word(&c->progress, "progress", &c->diag);
    message_setup(command, json > 0,
                  c->quiet   ? PROGRESS_NEVER
                  : when > 0 ? (enum message_progress)when
                             : PROGRESS_AUTO);
    return diag_failed(&c->diag) ? -1 : 0;
}

void
cli_say(const struct cli *c, const char *fmt, ...)
{
    va_list ap;
    if (c->quiet)
        return;
    va_start(ap, fmt);
    message_vput(MESSAGE_NOTICE, fmt, ap);
    va_end(ap);
}

void
cli_note(const struct cli *c, const char *fmt, ...)
{
    va_list ap;
    if (c->quiet || (!c->verbose && !isatty(STDERR_FILENO)))
        return;
    va_start(ap, fmt);
    message_vput(MESSAGE_NOTICE, fmt, ap);
    va_end(ap);
}

void
cli_not_noted(const struct cli *c, const struct diag *d)
{
    struct str text = diag_text(d);
    if (diag_failed(d))
        cli_say(c, "not noted in the audit log: %.*s", STR_ARG(text));
}

int
cli_fail(struct cli *c)
{
    assert(diag_failed(&c->diag));
    message_fail(&c->diag);
    return diag_exit_status(c->diag.first.code);
}

int
cli_misuse(struct cli *c, const char *want)
{
    diag_fail(&c->diag, DIAG_USAGE, "%s", want);
    return cli_fail(c);
}

void
cli_warnings(const struct diag *d)
{
    for (size_t i = 0; i < d->warnings.n; i++) {
        const struct diag_note *w = &d->warnings.v[i];
        struct str place = utf8_name(d->arena, w->place);
        struct str text = utf8_one_line(d->arena, utf8_spelled(d->arena, w->text));
        message_put(MESSAGE_WARNING, arena_fmt(d->arena, "%.*s%s%.*s", STR_ARG(place),
                                               place.len ? ": " : "", STR_ARG(text)));
    }
    if (d->n_dropped)
        message_put(MESSAGE_WARNING, arena_fmt(d->arena, "%zu more findings", d->n_dropped));
}

int
cli_print(struct cli *c, struct str s)
{
    if (fwrite(s.s, 1, s.len, stdout) == s.len && putchar('\n') != EOF && fflush(stdout) == 0)
        return 0;
    return diag_fail(&c->diag, DIAG_CANNOT_WRITE, "standard output: %s", strerror(errno));
}

int
cli_settle(struct cli *c)
{
    if (c->config_path && !c->config_path[0]) {
        diag_fail(&c->diag, DIAG_USAGE, "--config wants the path of a file, not an empty text");
        return cli_fail(c);
    }
    if (config_load(c->config_path, c->state_dir, c->arena, &c->config, &c->diag) != 0)
        return cli_fail(c);
    /* before anything asks for a local time: periods and times without a zone are of this one */
    if (c->config.zone.len)
        setenv("TZ", c->config.zone.s, 1);
    else if (zone_check_variable(str_c(getenv("TZ")), &c->diag) != 0)
        return cli_fail(c);
    tzset();
    return 0;
}

int
cli_as_of(struct cli *c, const char *text)
{
    struct clock_time at;
    if (!text)
        return 0;
    if (!clock_parse(str_c(text), clock_local_offset(env_now()), &at))
        return diag_fail(&c->diag, DIAG_USAGE, "--at: \"%s\" is no time like 2026-11-01T06:00:00Z",
                         text);
    if (at.t > env_now() || at.t <= 0)
        return diag_fail(&c->diag, DIAG_USAGE,
                         "--at: %s is still to come: what is known then is not known yet", text);
    env_set_as_of(at.t);
    return 0;
}

static void
tell_wait(const char *text)
{
    message_put(MESSAGE_NOTICE, str_c(text));
}

int
cli_open(struct cli *c, bool want_schema)
{
    assert(!c->act); /* main.c closes one */
    int status = cli_settle(c);
    if (status)
        return status;
    assert(c->config.state_dir.len); /* the settings are loaded */
    c->config.waits_for_ever = c->waits_for_ever;
    if (!c->quiet)
        act_tell(tell_wait);
    if (act_open(&c->config, want_schema, &c->act, &c->diag) != 0)
        return cli_fail(c);
    c->act->dry_run = c->dry_run;
    if (message_has_progress())
        c->act->progress = message_progress;
    return 0;
}

/* One line of standard input; a terminal does not show it. */
bool
cli_read_secret(const char *prompt, char *line, size_t size)
{
    struct termios was, silent;
    bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &was) == 0;
    if (terminal) {
        /* what was typed before is thrown away: it would be taken for the password */
        silent = was;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        fputs(prompt, stderr);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    setvbuf(stdin, NULL, _IONBF, 0); /* no second copy that nobody wipes */
    bool ok = fgets(line, (int)size, stdin) != NULL;
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
        fputc('\n', stderr);
    }
    return ok;
}
