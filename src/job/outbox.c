/* Recipients served: store/outbox.c keeps the rows, parcel.c and mailing.c make what goes out, deliver/ takes it there. */
#include "job/outbox.h"

#include <assert.h>
#include <inttypes.h>

#include "act/owner.h"
#include "base/auto.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/fault.h"
#include "base/file.h"
#include "deliver/deliver.h"
#include "job/mailing.h"
#include "settings/recipients.h"
#include "settings/secret.h"

AUTO_DEFINE(struct arena *, arena_free)
AUTO_DEFINE(struct sign_signer *, sign_signer_free)

enum {
    LEASE_S = 1800,    /* longer than any upload may take (deliver/transfer.c) */
    FIRST_WAIT_S = 60, /* then twice as long each time */
    MAX_WAIT_S = 3600,
    GIVE_UP_S = 5 * 86400
};

/* ---- who and what ---- */

static void
add_address(outbox_addresses *list, const struct config_recipient *r, struct str target,
            struct arena *a)
{
    struct str destination = arena_fmt(a, "%.*s:%.*s", STR_ARG(r->kind), STR_ARG(target));
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i].destination, destination))
            return;
    *VEC_PUSH(a, list) = (struct outbox_address){r, destination};
}

/* A recipient of mail may be several: each is a destination. */
static void
add_recipient(outbox_addresses *list, const struct config_recipient *r, struct arena *a)
{
    struct str rest = r->target;
    if (!str_eqc(r->kind, "mail"))
        add_address(list, r, r->target, a);
    while (str_eqc(r->kind, "mail") && rest.len)
        add_address(list, r, str_trim(str_cut(&rest, ',')), a);
}

/* What is in the row is not believed: the password of a recipient goes to where the settings say that he is, and nowhere else. */
static bool
leads_to(const struct config_recipient *r, struct str destination, struct arena *a)
{
    outbox_addresses now = {0};
    add_recipient(&now, r, a);
    for (size_t i = 0; i < now.n; i++)
        if (str_eq(now.v[i].destination, destination))
            return true;
    return false;
}

void
outbox_find(const struct config *c, const struct definition *def, struct arena *a,
            outbox_addresses *ret)
{
    *ret = (outbox_addresses){0};
    for (size_t i = 0; i < c->recipients.n; i++) {
        const struct config_recipient *r = &c->recipients.v[i];
        if (recipient_wants(r, def))
            add_recipient(ret, r, a);
    }
}

bool
outbox_has_mail(const outbox_addresses *to)
{
    for (size_t i = 0; i < to->n; i++)
        if (str_eqc(to->v[i].to->kind, "mail"))
            return true;
    return false;
}

struct str
outbox_id(const struct store_outgoing *o, struct arena *a)
{
    return arena_fmt(a, "%016" PRIx64, o->id);
}

static struct event
outbox_event(const struct store_outgoing *o, const char *name, const struct event_change *details,
             size_t n, struct arena *a)
{
    struct event_change *all = ARENA_ARRAY(a, struct event_change, n + 4);
    const struct str words[][2] = {{STR("recipient"), o->recipient},
                                   {STR("destination"), o->destination},
                                   {STR("report"), o->report_id},
                                   {STR("version"), o->version}};
    for (size_t i = 0; i < 4; i++)
        all[i] = (struct event_change){words[i][0], STR(""), words[i][1], false};
    for (size_t i = 0; i < n; i++)
        all[4 + i] = details[i];
    return (struct event){.name = name,
                          .severity = 2,
                          .object_type = STR("outgoing"),
                          .object_id = outbox_id(o, a),
                          .object_name = o->title,
                          .reason = STR(""),
                          .changes = all,
                          .n_changes = n + 4};
}

int
outbox_queue(struct act *act, const struct outbox_address *to, struct store_outgoing what,
             struct event *ret, struct diag *d)
{
    what.recipient = to->to->name;
    what.destination = to->destination;
    what.queued = env_wall_us() / 1000000;
    what.id = store_outgoing_id(&what);
    const struct event_change manifest = {STR("manifest"), STR(""), what.manifest_hex, false};
    *ret = outbox_event(&what, "outbox.queue", &manifest, 1, d->arena);
    return store_put_outgoing(act->store, &what, d);
}

/* ---- one attempt ---- */

struct attempt_of {
    struct act *act;
    struct store_outgoing o;
    const struct config_recipient *to;
    struct str target;
    uint64_t fence;
    struct str sent_hex, answer; /* empty = it came not so far */
    struct str message_id;       /* of mail */
};

/* Of mail the one message, of all others each file. */
static int
make_files(struct attempt_of *t, const struct parcel *p, struct parcel *ret, struct diag *d)
{
    const struct config *c = &t->act->config;
    struct arena *a = d->arena;
    AUTO(sign_signer_free_auto) struct sign_signer *signer = NULL;
    struct str message;
    if (!str_eqc(t->to->kind, "mail")) {
        *ret = *p;
        return 0;
    }
    t->message_id = mailing_id(c, &t->o, a);
    struct mailing m = {
        .config = c, .to = t->to, .address = t->target, .id = t->message_id, .parcel = p};
    if (mailing_load_signer(c, &signer, d) != 0)
        return -1;
    m.signer = signer;
    if (mailing_write(&m, a, &message, d) != 0)
        return -1;
    *ret = (struct parcel){0};
    *VEC_PUSH(a, &ret->files) = (struct parcel_file){
        .name = STR("message.eml"), .media_type = STR("message/rfc822"), .bytes = message};
    return 0;
}

/* A folder a definition, and in it one a version. */
static int
make_options_of_files(struct attempt_of *t, struct deliver_options *ret, struct diag *d)
{
    static const char prefix[] = "SHA256:";
    const struct config_recipient *to = t->to;
    *ret =
        (struct deliver_options){.tls = {.ca = to->tls_ca},
                                 .user = to->user,
                                 .line = t->o.definition,
                                 .item = arena_fmt(d->arena, "%.*s-%.*s", STR_ARG(t->o.report_id),
                                                   STR_ARG(file_base_name(t->o.dir))),
                                 .keep = to->keep,
                                 .key_file = to->key_file,
                                 .host_key = to->host_key,
                                 .sigv4 = to->sigv4};
    if (str_starts(to->host_key, prefix))
        ret->host_key = str_n(to->host_key.s + strlen(prefix), to->host_key.len - strlen(prefix));
    if (!to->password_file.len)
        return 0;
    return secret_load(&t->act->config, to->password_file, "password-file", d->arena,
                       &ret->password, d);
}

static int
make_options(struct attempt_of *t, struct deliver_options *ret, struct diag *d)
{
    const struct config *c = &t->act->config;
    struct str name;
    if (!str_eqc(t->to->kind, "mail"))
        return make_options_of_files(t, ret, d);
    *ret = (struct deliver_options){.server = c->mail_server, .user = c->mail_user};
    ret->tls.ca = c->mail_ca;
    recipient_part_mailbox(c->mail_from, &name, &ret->from);
    if (!c->mail_user.len)
        return 0;
    if (!c->mail_password_file.len)
        return diag_fail(d, DIAG_CONFIG, "mail-user is set, and no mail-password-file");
    return secret_load(c, c->mail_password_file, "mail-password-file", d->arena, &ret->password, d);
}

/* The hash of what was sent is that of the message, or of the manifest, which stands over all files. */
static int
hand_over_files(struct attempt_of *t, const struct deliver_options *o, const struct parcel *files,
                struct diag *d)
{
    AUTO(deliver_close_auto) struct delivery *out = NULL;
    bool is_mail = str_eqc(t->to->kind, "mail");
    if (deliver_open_with(t->o.destination, o, d->arena, &out, d) != 0)
        return -1;
    for (size_t i = 0; i < files->files.n; i++) {
        const struct parcel_file *f = &files->files.v[i];
        const struct deliver_file file = {
            .name = f->name, .media_type = f->media_type, .bytes = f->bytes};
        if (deliver_put(out, &file, d) != 0)
            return -1;
    }
    t->sent_hex =
        is_mail ? sha256_hex(d->arena, &deliver_file_at(out, 0)->sha256) : t->o.manifest_hex;
    fault_point("before_outgoing");
    if (deliver_finish(out, d) != 0)
        return -1;
    fault_point("after_outgoing");
    const struct deliver_rows *rows = deliver_handed_over(out);
    t->answer = rows->list.n ? rows->list.v[rows->list.n - 1].answer : STR("");
    return 0;
}

static int
try_once(struct attempt_of *t, struct diag *d)
{
    struct parcel whole, files;
    struct deliver_options o;
    t->to = recipient_find(&t->act->config, t->o.recipient);
    t->target = t->o.destination;
    str_cut(&t->target, ':');
    if (!t->to || !leads_to(t->to, t->o.destination, d->arena))
        return diag_fail(d, DIAG_CONFIG,
                         "the settings have no recipient %.*s any more, or another target for it",
                         STR_ARG(t->o.recipient));
    if (parcel_load(&t->o, d->arena, &whole, d) != 0 || make_files(t, &whole, &files, d) != 0 ||
        make_options(t, &o, d) != 0)
        return -1;
    int rc = hand_over_files(t, &o, &files, d);
    secret_forget(&o.password);
    return rc;
}

/* ---- its end ---- */

static int64_t
wait_after(int64_t attempts)
{
    int64_t wait = FIRST_WAIT_S;
    while (attempts-- > 1 && wait < MAX_WAIT_S)
        wait *= 2;
    return wait < MAX_WAIT_S ? wait : MAX_WAIT_S;
}

/* What failed is tried again, but for what was refused, and for five days. */
static void
judge_attempt(struct attempt_of *t, const struct diag *why, struct outbox_end *ret)
{
    struct store_outgoing *o = &t->o;
    int64_t now = env_wall_us() / 1000000;
    bool failed = diag_failed(why);
    bool is_folder =
        t->to && str_eqc(t->to->kind, "folder"); /* a full disk refuses nothing for good */
    bool is_refused = failed && ((why->first.code == DIAG_CANNOT_WRITE && !is_folder) ||
                                 why->first.code == DIAG_TOO_BIG || now - o->since >= GIVE_UP_S);
    o->attempts++;
    o->state = failed ? is_refused ? STR("refused") : STR("waiting") : STR("sent");
    o->retry_at = failed && !is_refused ? now + wait_after(o->attempts) : CLOCK_NONE;
    o->ended = failed && !is_refused ? CLOCK_NONE : now;
    o->error = failed ? arena_fmt(why->arena, "%.*s%s%.*s", STR_ARG(why->first.place),
                                  why->first.place.len ? ": " : "", STR_ARG(why->first.text))
                      : STR("");
    o->answer = t->answer;
    o->sent_hex = t->sent_hex;
    *ret = (struct outbox_end){.what = *o,
                               .text = failed ? o->error : o->answer,
                               .is_sent = !failed,
                               .is_refused = is_refused};
}

static int
put_end(struct act *act, void *ctx, struct diag *d)
{
    const struct attempt_of *t = ctx;
    const struct store_outgoing *o = &t->o;
    struct arena *a = d->arena;
    bool is_sent = str_eqc(o->state, "sent");
    const struct event_change details[] = {
        {STR("state"), STR(""), o->state, false},
        {STR("attempt"), STR(""), arena_fmt(a, "%lld", (long long)o->attempts), false},
        {STR("sha256"), STR(""), o->sent_hex, false},
        {STR("answer"), STR(""), o->answer, false},
        {STR("message_id"), STR(""), t->message_id, false}};
    struct event e = outbox_event(o, "outbox.send", details, sizeof details / sizeof *details, a);
    e.outcome = is_sent ? EVENT_SUCCESS : EVENT_FAILURE;
    e.severity = is_sent ? 2 : str_eqc(o->state, "refused") ? 6 : 4;
    e.reason = o->error;
    return store_end_outgoing(act->store, o, t->fence, d) == 0 ? act_append(act, &e, 1, d) : -1;
}

/* An attempt that was made is written down, whatever became of it. */
static int
serve(struct act *act, const struct store_outgoing *o, struct outbox_summary *sum, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag why = diag_init(a);
    struct attempt_of t = {
        .act = act, .o = *o, .sent_hex = STR(""), .answer = STR(""), .message_id = STR("")};
    struct str dead = o->is_leased && owner_is_dead(o->owner) ? o->owner : STR("");
    struct outbox_end end;
    if (store_take_outgoing(act->store, o->id, env_wall_us() / 1000000, owner_self(a), dead,
                            LEASE_S, &t.fence, d) != 0)
        return -1;
    if (!t.fence) /* another host has it */
        return 0;
    try_once(&t, &why);
    judge_attempt(&t, &why, &end);
    if (act_transact(act, put_end, &t, d) != 0)
        return -1;
    end.text = arena_str(d->arena, end.text);
    end.what = *o;
    end.what.state = t.o.state;
    *VEC_PUSH(d->arena, &sum->ends) = end;
    sum->n_sent += end.is_sent;
    sum->n_refused += end.is_refused;
    sum->n_failed += !end.is_sent && !end.is_refused;
    if (end.is_sent)
        return 0;
    diag_context(&why, "%.*s", STR_ARG(o->destination));
    return diag_pass_on(d, &why);
}

/* ---- the door ---- */

/* The files of a report of another host are that host's to send, unless they stand here, too. */
int
outbox_due(struct act *act, store_outbox *ret, struct diag *d)
{
    store_outbox all;
    int64_t now = env_wall_us() / 1000000;
    *ret = (store_outbox){0};
    if (store_load_outbox(act->store, false, d->arena, &all, d) != 0)
        return -1;
    for (size_t i = 0; i < all.n; i++) {
        const struct store_outgoing *o = &all.v[i];
        bool is_ours = str_eqc(o->host, env_host()) || parcel_is_here(o, d->arena);
        if (str_eqc(o->state, "waiting") && is_ours &&
            (o->retry_at == CLOCK_NONE || o->retry_at <= now))
            *VEC_PUSH(d->arena, ret) = *o;
    }
    return 0;
}

int
outbox_send(struct act *act, struct outbox_summary *ret, struct diag *d)
{
    store_outbox due;
    assert(!act->dry_run);
    if (outbox_due(act, &due, d) != 0)
        return -1;
    for (size_t i = 0; i < due.n; i++) {
        struct diag one = diag_init(d->arena);
        if (serve(act, &due.v[i], ret, &one) != 0 && !diag_failed(d))
            diag_pass_on(d, &one);
    }
    return diag_failed(d) ? -1 : 0;
}

int
outbox_list(struct act *act, bool all, store_outbox *ret, struct diag *d)
{
    return store_load_outbox(act->store, all, d->arena, ret, d);
}

int
outbox_count(struct act *act, struct outbox_counts *ret, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    int64_t now = env_wall_us() / 1000000;
    store_outbox v;
    *ret = (struct outbox_counts){0};
    if (store_load_outbox(act->store, false, a, &v, d) != 0)
        return -1;
    for (size_t i = 0; i < v.n; i++) {
        bool is_waiting = str_eqc(v.v[i].state, "waiting");
        ret->n_waiting += is_waiting;
        ret->n_refused += !is_waiting;
        if (is_waiting && now - v.v[i].since > ret->oldest_s)
            ret->oldest_s = now - v.v[i].since;
    }
    return 0;
}

int
outbox_get(struct act *act, const char *id, struct store_outgoing *ret, struct diag *d)
{
    store_outbox all;
    size_t n = 0;
    if (store_load_outbox(act->store, true, d->arena, &all, d) != 0)
        return -1;
    for (size_t i = 0; i < all.n && *id; i++) {
        if (!str_starts(outbox_id(&all.v[i], d->arena), id))
            continue;
        *ret = all.v[i];
        n++;
    }
    if (n == 1)
        return 0;
    return n ? diag_fail(d, DIAG_USAGE, "the ids of %zu in the outbox begin with %s", n, id)
             : diag_fail(d, DIAG_USAGE, "nothing in the outbox has the id %s", id);
}

struct turn {
    const struct store_outgoing *o;
    struct str state, reason;
};

static int
put_turn(struct act *act, void *ctx, struct diag *d)
{
    const struct turn *t = ctx;
    bool drop = str_eqc(t->state, "dropped");
    const struct event_change state = {STR("state"), t->o->state, t->state, false};
    struct event e = outbox_event(t->o, drop ? "outbox.drop" : "outbox.retry", &state, 1, d->arena);
    e.severity = drop ? 5 : 3;
    e.reason = t->reason;
    if (store_turn_outgoing(act->store, t->o, t->state, env_wall_us() / 1000000, d) != 0)
        return -1;
    return act_append(act, &e, 1, d);
}

int
outbox_turn(struct act *act, const struct store_outgoing *o, bool drop, struct str reason,
            struct diag *d)
{
    struct turn t = {o, drop ? STR("dropped") : STR("waiting"), reason};
    if (str_eqc(o->state, "sent"))
        return diag_fail(d, DIAG_USAGE, "%.*s was sent: it is not sent twice",
                         STR_ARG(outbox_id(o, d->arena)));
    if (str_eq(o->state, STR("dropped")) && drop)
        return diag_fail(d, DIAG_USAGE, "%.*s was dropped already",
                         STR_ARG(outbox_id(o, d->arena)));
    return act_transact(act, put_turn, &t, d);
}
