/* Making backups; unpack.c is the way back. */
#include "job/backup.h"

#include <assert.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/utf8.h"
#include "export/cursor.h"
#include "job/backup_file.h"
#include "job/backup_keys.h"
#include "job/backup_stream.h"
#include "ledger/checkpoint.h"

AUTO_DEFINE(struct arena *, arena_free)
AUTO_DEFINE(struct backup_stream *, backup_stream_free)

struct packing {
    struct act *act;
    const struct backup_request *q;
    struct arena *a;
    struct backup_writer w;
    struct backup_made *ret;
};

/* Where there is no key nothing is signed here; a log that contradicts what was signed is copied all the same, and
 * that is said: it is evidence. */
static struct str
fresh_checkpoint(struct act *act, struct arena *a, struct diag *d)
{
    struct diag why = diag_init(a);
    struct checkpoint_made made;
    if (act->dry_run)
        return STR("");
    if (checkpoint_make(act, false, &made, &why) == 0)
        return arena_str(a, made.note);
    if (why.first.code != DIAG_CONFIG)
        diag_warn(d, DIAG_WARN_ABSENT, STR("checkpoint"), "none was made for this backup: %.*s",
                  STR_ARG(diag_text(&why)));
    return STR("");
}

static int
pack_row(void *ctx, const struct str *values, size_t n, struct diag *d)
{
    struct packing *p = ctx;
    if (++p->ret->n_rows % 4096 == 0 && p->act->progress)
        p->act->progress("backup", (size_t)p->ret->n_rows, 0);
    return backup_write_row(&p->w, values, n, d);
}

static int
pack_tables(struct packing *p, const struct store_dump *dump, struct diag *d)
{
    for (size_t i = 0; i < dump->parts.n; i++) {
        const struct store_part *t = &dump->parts.v[i];
        if (backup_write_part(&p->w, t, d) != 0 ||
            store_dump_rows(p->act->store, t, pack_row, p, d) != 0 ||
            backup_write_part_end(&p->w, d) != 0)
            return -1;
    }
    return 0;
}

static int
pack_keys(struct packing *p, const backup_key_list *keys, struct diag *d)
{
    struct store_part part = backup_keys_part(p->a);
    if (keys->n == 0)
        return 0;
    if (backup_write_part(&p->w, &part, d) != 0)
        return -1;
    for (size_t i = 0; i < keys->n; i++) {
        struct str row[] = {keys->v[i].name, keys->v[i].bytes};
        if (backup_write_row(&p->w, row, 2, d) != 0)
            return -1;
    }
    p->ret->n_keys = keys->n;
    return backup_write_part_end(&p->w, d);
}

static int
pack(struct packing *p, struct backup_stream *s, struct backup_manifest *m,
     const backup_key_list *keys, struct diag *d)
{
    struct store_dump dump;
    if (store_dump_begin(p->act->store, p->a, &dump, d) != 0)
        return -1;
    m->schema = dump.schema;
    m->n_records = p->ret->n_records = dump.n_records;
    m->head = dump.head;
    p->ret->n_parts = dump.parts.n;
    int rc = backup_write_begin(&p->w, backup_stream_put, s, m, p->a, d) == 0 &&
                     pack_tables(p, &dump, d) == 0 && pack_keys(p, keys, d) == 0
                 ? backup_write_end(&p->w, &p->ret->sha256, d)
                 : -1;
    p->ret->n_bytes = p->w.n_bytes;
    store_dump_end(p->act->store);
    backup_writer_drop(&p->w);
    return rc;
}

static int
record(struct packing *p, struct diag *d)
{
    const struct backup_made *m = p->ret;
    struct event_change changes[] = {cursor_detail("records", m->n_records, d->arena),
                                     cursor_detail("rows", m->n_rows, d->arena),
                                     cursor_detail("keys", (int64_t)m->n_keys, d->arena),
                                     {.field = STR("encrypted"),
                                      .old_value = STR(""),
                                      .new_value = p->q->recipients ? STR("yes") : STR("no")}};
    struct event e = {.name = "backup.make",
                      .severity = m->n_keys ? 6 : 3,
                      .object_type = STR("backup"),
                      .object_id = sha256_hex(d->arena, &m->sha256),
                      .object_name =
                          m->path.len ? utf8_repair(d->arena, m->path) : STR("standard output"),
                      .reason = STR(""),
                      .changes = changes,
                      .n_changes = sizeof changes / sizeof *changes};
    return act_record(p->act, &e, 1, d);
}

int
backup_make(struct act *act, const struct backup_request *q, struct backup_made *ret,
            struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    AUTO(backup_stream_free_auto) struct backup_stream *s = NULL;
    struct packing p = {.act = act, .q = q, .a = a, .ret = ret};
    backup_key_list keys = {0};
    int64_t now = env_now(), since = env_mono_ms();
    struct clock_civil c = clock_civil(now);
    *ret = (struct backup_made){.path = STR("")};
    if (q->with_keys && !q->recipients)
        return diag_fail(
            d, DIAG_USAGE,
            "--with-keys only goes with --recipient: keys leave this host encrypted or not at all");
    struct backup_manifest m = {.made = now,
                                .program = STR(ASSAY_VERSION),
                                .server = act_server(act, a),
                                .origin = act->config.origin,
                                .checkpoint = fresh_checkpoint(act, a, d)};
    struct str name = arena_fmt(a, "assay-%04d%02d%02dT%02d%02d%02dZ.backup%s", c.year, c.month,
                                c.day, c.hour, c.minute, c.second, q->recipients ? ".cms" : "");
    if ((q->with_keys && backup_keys_load(&act->config, a, &keys, d) != 0) ||
        backup_stream_create(act->dry_run ? NULL : q->to, name, q->recipients, a, &s, d) != 0 ||
        pack(&p, s, &m, &keys, d) != 0 || backup_stream_finish(s, &ret->path, d) != 0)
        return -1;
    ret->path = arena_str(d->arena, ret->path);
    ret->took_ms = env_mono_ms() - since;
    return act->dry_run ? 0 : record(&p, d);
}
