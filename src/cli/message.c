/* Everything that is said on standard error. Used by cli.c and main.c. */
#include "cli/message.h"

#include <stdio.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/json_put.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { WAIT_MS = 2000, OVER_MS = 100, LINES_MS = 2000 };

static struct {
    const char *command;
    enum message_progress when;
    bool json, is_shown;
    uint64_t run; /* names this run in every line; 0 = not drawn yet */
    int64_t since_ms, last_ms;
} said = {.command = ""};

void
message_setup(const char *command, bool json, enum message_progress when)
{
    said.command = command;
    said.json = json;
    said.when = when;
    said.since_ms = env_mono_ms();
}

static void
put_json(enum message_level level, const char *code, struct str text)
{
    static const char *const levels[] = {"error", "warning", "notice", "progress"};
    AUTO(arena_free_auto) struct arena *a = arena_new();
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    if (!said.run)
        said.run = env_random_id();
    json_put_open(&j, '{');
    json_put_member(&j, "time", clock_iso_us(a, env_wall_us()));
    json_put_member_c(&j, "level", levels[level]);
    json_put_member(&j, "run", arena_fmt(a, "%016llx", (unsigned long long)said.run));
    json_put_member_c(&j, "command", said.command);
    if (code)
        json_put_member_c(&j, "code", code);
    json_put_member(&j, "text", text);
    json_put_close(&j, '}');
    buf_putc(&out, '\n');
    fwrite(out.data, 1, out.len, stderr);
}

void
message_put(enum message_level level, struct str text)
{
    message_progress_end();
    if (said.json)
        put_json(level, NULL, text);
    else
        fprintf(stderr, "assay: %s%.*s\n", level == MESSAGE_WARNING ? "warning: " : "",
                STR_ARG(text));
}

void
message_fail(const struct diag *d)
{
    struct str text = diag_text(d);
    message_progress_end();
    if (said.json)
        put_json(MESSAGE_ERROR, diag_word(d->first.code), text);
    else
        fprintf(stderr, "assay: %.*s\n", STR_ARG(text));
}

void
message_vput(enum message_level level, const char *fmt, va_list ap)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    message_put(level, arena_vfmt(a, fmt, ap));
}

bool
message_has_progress(void)
{
    return said.when == PROGRESS_ALWAYS ||
           (said.when == PROGRESS_AUTO && !said.json && isatty(STDERR_FILENO));
}

void
message_progress(const char *what, size_t done, size_t total)
{
    bool over = !said.json && isatty(STDERR_FILENO);
    int64_t now = env_mono_ms();
    if (now - said.since_ms < WAIT_MS || now - said.last_ms < (over ? OVER_MS : LINES_MS))
        return;
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct str text = total == 1  ? str_c(what)
                      : total > 1 ? arena_fmt(a, "%s %zu/%zu (%zu %%)", what, done, total,
                                              (size_t)(100.0 * (double)done / (double)total))
                                  : arena_fmt(a, "%s %zu", what, done);
    said.last_ms = now;
    if (!over) {
        message_put(MESSAGE_PROGRESS, text);
        return;
    }
    fprintf(stderr, "\r%.*s\033[K", STR_ARG(text));
    fflush(stderr);
    said.is_shown = true;
}

void
message_progress_end(void)
{
    if (said.is_shown)
        fputs("\r\033[K", stderr);
    said.is_shown = false;
}
