/* Appends real records to the audit log of a site, as many as are wanted: for tests and benches
 * that need a long log, or one with texts that no scanner would make. Usage: audit_append COUNT
 * [PER-TRANSACTION] [EVENTS.jsonl]; settings come from ASSAY_CONFIG. Without EVENTS they are read
 * from standard input, one object a line, and used again from the first on until COUNT records are
 * there:
 *   {"name": "config.change", "outcome": "failure", "severity": 3, "type": …, "id": …,
 *    "object_name": …, "reason": …, "user": …, "host": …, "login": …, "sudo": …, "ssh": …,
 *    "changes": [[field, old, new], …]}
 * A "user" or "host" is that of its whole transaction, and so is the person (login of uid 1000, sudo, ssh). A
 * text may be {"hex": "ff00"}. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "act/act.h"
#include "base/vec.h"

enum { MAX_LINE = 1 << 24 };

struct told { /* an event, and who did it */
    struct event e;
    struct str user, host, login, sudo_user, ssh_peer;
};

struct acts {
    VEC(struct told) list;
};

static void
fail(const char *what, const struct diag *d)
{
    fprintf(stderr, "audit_append: %s: %.*s\n", what, STR_ARG(d->first.text));
    exit(1);
}

/* A text, or {"hex": …} for bytes that are none. */
static struct str
text_of(const json_t *v, struct arena *a)
{
    const json_t *hex = json_object_get(v, "hex");
    if (json_is_string(v))
        return arena_str(a, str_n(json_string_value(v), json_string_length(v)));
    if (!json_is_string(hex))
        return STR("");
    size_t n = json_string_length(hex) / 2;
    char *to = arena_alloc(a, n + 1);
    for (size_t i = 0; i < n; i++) {
        char digits[3] = {json_string_value(hex)[2 * i], json_string_value(hex)[2 * i + 1], 0};
        to[i] = (char)strtoul(digits, NULL, 16);
    }
    return str_n(to, n);
}

static struct str
text(const json_t *o, const char *key, struct arena *a)
{
    return text_of(json_object_get(o, key), a);
}

static struct str
item(const json_t *list, size_t i, struct arena *a)
{
    return text_of(json_array_get(list, i), a);
}

static struct told
act_of(const json_t *o, struct arena *a)
{
    const json_t *changes = json_object_get(o, "changes");
    size_t n = json_array_size(changes);
    struct event_change *c = ARENA_ARRAY(a, struct event_change, n + 1);
    for (size_t i = 0; i < n; i++) {
        const json_t *v = json_array_get(changes, i);
        c[i] = (struct event_change){item(v, 0, a), item(v, 1, a), item(v, 2, a),
                                     json_array_size(v) == 1};
    }
    struct str name = text(o, "name", a);
    return (struct told){
        .e = {.name = name.len ? arena_str(a, name).s : "audit.test",
              .outcome = str_eqc(text(o, "outcome", a), "failure") ? EVENT_FAILURE : EVENT_SUCCESS,
              .severity = (int)json_integer_value(json_object_get(o, "severity")),
              .object_type = text(o, "type", a),
              .object_id = text(o, "id", a),
              .object_name = text(o, "object_name", a),
              .reason = text(o, "reason", a),
              .changes = c,
              .n_changes = n},
        .user = text(o, "user", a),
        .host = text(o, "host", a),
        .login = text(o, "login", a),
        .sudo_user = text(o, "sudo", a),
        .ssh_peer = text(o, "ssh", a)};
}

static void
read_acts(FILE *f, struct arena *a, struct acts *ret)
{
    static char line[MAX_LINE];
    while (fgets(line, sizeof line, f)) {
        json_t *o = json_loads(line, JSON_ALLOW_NUL, NULL);
        if (!json_is_object(o)) {
            fprintf(stderr, "audit_append: no object: %.60s\n", line);
            exit(1);
        }
        *VEC_PUSH(a, &ret->list) = act_of(o, a);
        json_decref(o);
    }
    if (!ret->list.n) {
        fputs("audit_append: no events\n", stderr);
        exit(1);
    }
}

/* The next `most` at most; they end where somebody else acts. */
static size_t
gather(const struct acts *acts, size_t from, size_t most, struct event *to, struct audit_actor *who)
{
    size_t n = 0;
    for (; n < most; n++) {
        const struct told *act = &acts->list.v[(from + n) % acts->list.n];
        bool is_named = act->user.len || act->host.len;
        if (n > 0 && is_named)
            break;
        if (act->user.len)
            who->user = act->user;
        if (act->host.len)
            who->host = act->host;
        if (is_named) {
            who->login = act->login;
            who->login_uid = act->login.len ? 1000 : -1;
            who->sudo_user = act->sudo_user;
            who->ssh_peer = act->ssh_peer;
        }
        to[n] = act->e;
    }
    return n;
}

int
main(int argc, char **argv)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct config c;
    struct act *j = NULL;
    struct acts acts = {0};
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    size_t per = argc > 2 ? strtoul(argv[2], NULL, 10) : 100;
    FILE *f = argc > 3 ? fopen(argv[3], "r") : stdin;
    if (!count || !per || !f) {
        fputs("usage: audit_append COUNT [PER-TRANSACTION] [EVENTS.jsonl]\n", stderr);
        return 64;
    }
    read_acts(f, a, &acts);
    if (config_load(NULL, NULL, a, &c, &d) != 0 || act_open(&c, true, &j, &d) != 0)
        fail("cannot open", &d);
    struct event *events = ARENA_ARRAY(a, struct event, per);
    struct audit_actor own = j->actor;
    for (size_t done = 0, n; done < count; done += n) {
        j->actor = own;
        n = gather(&acts, done, per < count - done ? per : count - done, events, &j->actor);
        if (act_record(j, events, n, &d) != 0)
            fail("cannot append", &d);
    }
    act_close(j);
    arena_free(a);
    return 0;
}
