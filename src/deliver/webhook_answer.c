/* Answers to webhooks, without a network. Behind webhook.c. */
#include "deliver/webhook_answer.h"

#include <jansson.h>

#include "base/auto.h"
#include "deliver/verdict.h"

AUTO_DEFINE(json_t *, json_decref)

/* Of a receiver that is none, with the beginning of what it said. */
static int
webhook_no_receiver(const struct http_answer *answer, const char *what, struct str secret,
                    struct diag *d)
{
    struct str said = verdict_said(answer->body, secret, d->arena);
    return diag_fail(d, DIAG_CONFIG, "%ld: %s%s%.*s", answer->status, what, said.len ? ": " : "",
                     STR_ARG(said));
}

static bool
webhook_starts(struct str s, const char *with)
{
    struct str rest = str_trim(s);
    size_t n = strlen(with);
    return rest.len >= n && str_ieqc(str_n(rest.s, n), with);
}

static bool
webhook_is_page(const struct http_answer *answer)
{
    return webhook_starts(answer->type, "text/html") ||
           webhook_starts(answer->type, "application/xhtml") ||
           webhook_starts(answer->body, "<!doctype html") || webhook_starts(answer->body, "<html");
}

static bool
webhook_is_yes(const json_t *v)
{
    struct str text = json_is_string(v) ? str_c(json_string_value(v)) : STR("");
    return json_is_true(v) || (json_is_number(v) && json_number_value(v) != 0) ||
           str_ieqc(text, "true") || str_ieqc(text, "ok") || str_ieqc(text, "success");
}

int
webhook_judge(const struct http_answer *answer, struct str member, struct str secret,
              struct diag *d)
{
    AUTO(json_decref_auto) json_t *root = NULL;
    if (verdict_of(answer->status, answer->body, secret, d) != 0)
        return -1;
    if (answer->status == 207)
        return webhook_no_receiver(answer,
                                   "it says another thing of each part, and not that all is "
                                   "there",
                                   secret, d);
    if (webhook_is_page(answer))
        return webhook_no_receiver(
            answer, "it is a page for people (a login?), and takes no records", secret, d);
    root = json_loadb(answer->body.s, answer->body.len, JSON_ALLOW_NUL, NULL);
    if (!member.len) {
        bool has_failed = json_is_false(json_object_get(root, "success")) ||
                          json_is_false(json_object_get(root, "ok"));
        return has_failed ? webhook_no_receiver(answer, "it says that it failed", secret, d) : 0;
    }
    const json_t *v = json_object_get(root, arena_str(d->arena, member).s);
    if (!v)
        return webhook_no_receiver(
            answer,
            arena_fmt(d->arena, "no JSON with a member \"%.*s\" (success-member)", STR_ARG(member))
                .s,
            secret, d);
    return webhook_is_yes(v) ? 0 : webhook_no_receiver(answer, "it says that it failed", secret, d);
}
