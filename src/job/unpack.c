/* Restoring; backup.c made what comes in. */
#include "job/unpack.h"

#include <assert.h>
#include <string.h>

#include "act/owner.h"
#include "base/auto.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/utf8.h"
#include "export/cursor.h"
#include "job/backup_file.h"
#include "job/backup_keys.h"
#include "job/backup_stream.h"
#include "ledger/verify_tables.h"

AUTO_DEFINE(struct arena *, arena_free)

struct unpack {
    struct arena *a;
    const char *from;
    struct backup_stream *stream;
    struct sha256_digest sha256;
    struct backup_manifest manifest;
    backup_key_list keys;
    /* of the reading under way */
    struct act *act;
    bool is_keys; /* the part at hand */
    struct arena *part_arena;
    struct store_part part;
    struct store_fill *fill;
    int64_t n_rows, n_all;
};

void
unpack_close(struct unpack *u)
{
    if (u)
        backup_stream_free(u->stream);
}

/* ---- the first reading: nothing but whether all of it is as it was ---- */

static int
look_at_part(void *ctx, const struct store_part *p, struct diag *d)
{
    struct unpack *u = ctx;
    struct store_part keys = backup_keys_part(u->a);
    u->is_keys = str_eq(p->name, keys.name);
    (void)d;
    return 0;
}

static int
look_at_row(void *ctx, const struct str *values, size_t n, struct diag *d)
{
    struct unpack *u = ctx;
    return u->is_keys ? backup_keys_take(values, n, u->a, &u->keys, d) : 0;
}

/* Names the file where what is wrong names a place in it. */
static int
in_file(const struct unpack *u, struct diag *d)
{
    struct str place = d->first.place;
    if (!str_starts(place, u->from))
        d->first.place =
            arena_fmt(d->arena, "%s%s%.*s", u->from, place.len ? ": " : "", STR_ARG(place));
    return -1;
}

int
unpack_open(const char *from, const char *key, const struct config *c, struct arena *a,
            struct unpack **ret, struct unpacked *ret_is, struct diag *d)
{
    struct unpack *u = ARENA_NEW(a, struct unpack);
    struct backup_sink sink = {.part = look_at_part, .row = look_at_row, .ctx = u};
    struct backup_read got;
    *u = (struct unpack){.a = a, .from = from};
    *ret_is = (struct unpacked){.contradicted = STR("")};
    if (backup_stream_open(from, key, a, &u->stream, d) != 0)
        return -1;
    int rc = backup_read(backup_stream_get, u->stream, &sink, a, &got, d) == 0 ? 0 : in_file(u, d);
    if (rc != 0 || backup_keys_check(c, &u->keys, a, d) != 0) {
        unpack_close(u);
        return -1;
    }
    u->sha256 = got.sha256;
    u->manifest = got.manifest;
    u->n_all = got.n_rows;
    *ret_is = (struct unpacked){.made = got.manifest.made,
                                .server = got.manifest.server,
                                .origin = got.manifest.origin,
                                .sha256 = got.sha256,
                                .n_rows = got.n_rows,
                                .n_bytes = got.n_bytes,
                                .n_records = got.manifest.n_records,
                                .schema = got.manifest.schema,
                                .n_parts = got.manifest.parts.n - (u->keys.n > 0),
                                .n_keys = u->keys.n,
                                .contradicted = STR("")};
    *ret = u;
    return 0;
}

/* ---- the second one, into the database ---- */

static int
fill_part(void *ctx, const struct store_part *p, struct diag *d)
{
    struct unpack *u = ctx;
    if (look_at_part(u, p, d) != 0 || u->is_keys)
        return 0;
    u->part_arena = arena_new();
    u->part = *p;
    return store_fill_open(u->act->store, &u->part, u->part_arena, &u->fill, d);
}

static int
fill_row(void *ctx, const struct str *values, size_t n, struct diag *d)
{
    struct unpack *u = ctx;
    assert(n == u->part.columns.n || u->is_keys);
    if (++u->n_rows % 4096 == 0 && u->act->progress)
        u->act->progress("restore", (size_t)u->n_rows, (size_t)u->n_all);
    return u->is_keys ? 0 : store_fill_row(u->fill, values, d);
}

static int
fill_part_end(void *ctx, struct diag *d)
{
    struct unpack *u = ctx;
    int rc = u->fill ? store_fill_close(u->fill, d) : 0;
    u->fill = NULL;
    if (u->part_arena)
        arena_free(u->part_arena);
    u->part_arena = NULL;
    fault_point("restored_part");
    return rc;
}

/* The file may have been written over since it was looked at: its hash is asked for once more. */
static int
fill(struct unpack *u, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct backup_sink sink = {
        .part = fill_part, .row = fill_row, .part_end = fill_part_end, .ctx = u};
    struct backup_read again;
    if (backup_stream_rewind(u->stream, d) != 0)
        return -1;
    int rc = backup_read(backup_stream_get, u->stream, &sink, a, &again, d);
    if (rc == 0 && memcmp(again.sha256.b, u->sha256.b, SHA256_SIZE) != 0)
        rc = diag_fail(d, DIAG_BAD_DATA, "it was changed while it was read");
    if (rc != 0)
        fill_part_end(u, d);
    return rc == 0 ? 0 : in_file(u, d);
}

/* Held against nothing but itself: files of this host that know a later log are asked when all is done. */
static int
verify(struct act *act, const struct backup_manifest *m, struct audit_verdict *ret, struct diag *d)
{
    struct act apart = *act;
    struct tables_verdict tables;
    apart.config.state_dir = file_join(d->arena, act->config.state_dir.s, "nothing-of-this-host");
    if (verify_log_run(&apart, NULL, ret, d) != 0 || verify_tables_run(&apart, &tables, d) != 0)
        return -1;
    if (ret->n_records == m->n_records && memcmp(ret->last.b, m->head.b, SHA256_SIZE) == 0)
        return 0;
    return diag_fail(
        d, DIAG_VERIFY,
        "the log has %lld records, the manifest of the backup says %lld, or another head",
        (long long)ret->n_records, (long long)m->n_records);
}

static int
fill_and_verify(struct act *act, struct unpack *u, bool unverified, struct unpacked *is,
                struct diag *d)
{
    if (store_fill_begin(act->store, owner_self(d->arena), (int)u->manifest.schema, d) != 0 ||
        fill(u, d) != 0 || store_fill_upgrade(act->store, &is->schema_now, d) != 0)
        return -1;
    if (verify(act, &u->manifest, &is->verdict, d) != 0) {
        if (!unverified)
            return diag_context(
                d,
                "what the backup holds does not verify, so it is not kept (--unverified keeps it)");
        diag_warn(d, d->first.code, d->first.place, "kept although it does not verify: %.*s",
                  STR_ARG(d->first.text));
        diag_clear(d);
    }
    return backup_keys_put(&act->config, &u->keys, d->arena, d) == 0
               ? store_fill_release(act->store, d)
               : -1;
}

/* ---- what may be filled ---- */

static int
want_empty(struct act *act, struct diag *d)
{
    enum store_content content;
    struct str owner;
    if (store_look(act->store, d->arena, &content, &owner, d) != 0)
        return -1;
    if (content == STORE_FULL) {
        diag_fail(d, DIAG_CANNOT_WRITE,
                  "the database is not empty, and a backup is never mixed with what is there: name "
                  "a new state "
                  "directory (--state-dir), or another database in the settings, or drop this one "
                  "yourself");
        return diag_at(d, "%s", act->config.database.s);
    }
    if (content == STORE_HALF && !owner_is_dead(owner)) {
        diag_fail(d, DIAG_BUSY,
                  "a restore into it is under way, or was cut off on another host (%.*s): if "
                  "nothing runs there, drop "
                  "the database and make it anew",
                  STR_ARG(owner));
        return diag_at(d, "%s", act->config.database.s);
    }
    return 0;
}

static int
record(struct act *act, const struct unpack *u, const struct unpacked *is, struct str unverified,
       struct diag *d)
{
    struct arena *a = d->arena;
    struct event_change changes[] = {
        cursor_detail("records", is->n_records, a),
        cursor_detail("rows", is->n_rows, a),
        cursor_detail("keys", (int64_t)is->n_keys, a),
        {.field = STR("made"), .old_value = STR(""), .new_value = clock_iso(a, is->made)},
        {.field = STR("server"), .old_value = is->server, .new_value = act_server(act, a)},
        {.field = STR("schema"),
         .old_value = arena_fmt(a, "%lld", (long long)is->schema),
         .new_value = arena_fmt(a, "%d", is->schema_now)}};
    struct event e = {.name = "backup.restore",
                      .severity = unverified.len ? 9 : 6,
                      .object_type = STR("backup"),
                      .object_id = sha256_hex(a, &is->sha256),
                      .object_name = utf8_repair(a, str_c(u->from)),
                      .reason = unverified,
                      .changes = changes,
                      .n_changes = sizeof changes / sizeof *changes};
    return act_record(act, &e, 1, d);
}

int
unpack_run(struct act *act, struct unpack *u, bool unverified, struct unpacked *is, struct diag *d)
{
    int64_t since = env_mono_ms();
    size_t n_warnings = d->warnings.n;
    u->act = act;
    if (want_empty(act, d) != 0)
        return -1;
    if (fill_and_verify(act, u, unverified, is, d) != 0) {
        struct diag undo = diag_init(d->arena);
        if (store_fill_undo(act->store, &undo) != 0)
            diag_warn(d, DIAG_WARN_ABSENT, act->config.database,
                      "what was written could not be taken away (%.*s); it is no database, and the "
                      "next restore takes "
                      "it away",
                      STR_ARG(diag_text(&undo)));
        return -1;
    }
    struct str why = d->warnings.n > n_warnings ? d->warnings.v[n_warnings].text : STR("");
    if (record(act, u, is, why, d) != 0)
        return -1;
    struct diag outside = diag_init(d->arena);
    struct audit_verdict v;
    if (!why.len && verify_log_run(act, NULL, &v, &outside) != 0)
        is->contradicted = diag_text(&outside);
    is->took_ms = env_mono_ms() - since;
    return 0;
}
