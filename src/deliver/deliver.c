/* Sessions with sinks: the order of the calls, and the books of what went to whom. job/report.c comes
 * before, a sink such as folder.c after. */
#include "deliver/deliver.h"

#include <assert.h>

#include "deliver/sink.h"

#define DELIVER_ADDRESS(name) &name,
static const struct deliver_sink *const sinks[] = {DELIVER_SINKS(DELIVER_ADDRESS)};
#undef DELIVER_ADDRESS

enum { N_SINKS = sizeof sinks / sizeof *sinks };

enum delivery_state { DELIVERY_OPEN, DELIVERY_FAILED, DELIVERY_FINISHED };

struct delivery {
    const struct deliver_sink *sink;
    void *self; /* the sink's own */
    struct arena *arena;
    enum delivery_state state;
    VEC(struct deliver_file *) files; /* each where it stays: rows and sinks point to it */
    struct deliver_rows rows;
};

/* What comes before the first colon is a scheme, unless it has a slash: then all of it is a folder. */
static const struct deliver_sink *
find_sink(struct str dest, struct str *ret_rest, struct diag *d)
{
    struct str rest = dest, scheme = str_cut(&rest, ':');
    *ret_rest = dest;
    if (scheme.len == dest.len || str_find(scheme, "/") >= 0)
        return sinks[0];
    *ret_rest = rest;
    for (size_t i = 0; i < N_SINKS; i++)
        if (str_eqc(scheme, sinks[i]->scheme))
            return sinks[i];
    diag_fail(d, DIAG_CONFIG, "no way to deliver to \"%.*s:\"", STR_ARG(scheme));
    return NULL;
}

int
deliver_open(struct str dest, struct arena *a, struct delivery **ret, struct diag *d)
{
    static const struct deliver_options none;
    return deliver_open_with(dest, &none, a, ret, d);
}

int
deliver_open_with(struct str dest, const struct deliver_options *o, struct arena *a,
                  struct delivery **ret, struct diag *d)
{
    struct str rest;
    const struct deliver_sink *sink = find_sink(dest, &rest, d);
    if (!sink)
        return -1;
    assert(sink->open && sink->put);
    struct delivery *s = ARENA_NEW(a, struct delivery);
    s->sink = sink;
    s->arena = a;
    if (sink->open(rest, o, a, &s->self, d) != 0)
        return -1;
    *ret = s;
    return 0;
}

int
deliver_put(struct delivery *s, const struct deliver_file *f, struct diag *d)
{
    assert(s->state == DELIVERY_OPEN);
    assert(f->name.len && str_find(f->name, "/") < 0);
    struct deliver_file *kept = ARENA_NEW(s->arena, struct deliver_file);
    *kept = (struct deliver_file){.name = arena_str(s->arena, f->name),
                                  .media_type = arena_str(s->arena, f->media_type),
                                  .bytes = f->bytes,
                                  .sha256 = sha256_of(f->bytes)};
    if (s->sink->put(s->self, kept, &s->rows, d) != 0) {
        s->state = DELIVERY_FAILED;
        return -1;
    }
    *VEC_PUSH(s->arena, &s->files) = kept;
    return 0;
}

/* A file without a row would be recorded nowhere: a sink that forgets one is wrong. */
static bool
has_row(const struct delivery *s, const struct deliver_file *f)
{
    for (size_t i = 0; i < s->rows.list.n; i++)
        if (s->rows.list.v[i].file == f)
            return true;
    return false;
}

int
deliver_finish(struct delivery *s, struct diag *d)
{
    assert(s->state == DELIVERY_OPEN);
    if (s->sink->finish && s->sink->finish(s->self, &s->rows, d) != 0) {
        s->state = DELIVERY_FAILED;
        return -1;
    }
    for (size_t i = 0; i < s->files.n; i++)
        assert(has_row(s, s->files.v[i]));
    s->state = DELIVERY_FINISHED;
    return 0;
}

void
deliver_close(struct delivery *s)
{
    if (s && s->sink->close)
        s->sink->close(s->self);
}

const struct deliver_file *
deliver_file_at(const struct delivery *s, size_t i)
{
    return i < s->files.n ? s->files.v[i] : NULL;
}

const struct deliver_rows *
deliver_handed_over(const struct delivery *s)
{
    assert(s->state == DELIVERY_FINISHED);
    return &s->rows;
}
