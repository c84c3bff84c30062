/* Drives one reader without detection: bytes in, scans and diag out. */
#ifndef TESTS_INGEST_DRIVE_H
#define TESTS_INGEST_DRIVE_H

#include <stdint.h>

#include "base/env.h"
#include "check.h"
#include "ingest/category/category.h"
#include "ingest/format.h"
#include "ingest/readers.h"

struct drive {
    struct arena *a;
    struct diag d;
    struct scan_file file;
    struct ingest_context ctx;
    int rc;
};

enum { DRIVE_MTIME = 1795291200, DRIVE_NOW = 1795900000 }; /* 2026-11-21T20:00:00Z, 28 November */

static inline void
drive_setup(struct drive *v)
{
    *v = (struct drive){.a = arena_new()};
    v->d = diag_init(v->a);
    v->ctx = (struct ingest_context){
        .path = "test", .mtime = DRIVE_MTIME, .zone_offset_s = 0, .asset_name = STR("")};
    env_set_now(DRIVE_NOW);
}

/* Pushes bytes in pieces of step; the scans, their categories settled, are in v->file, the outcome in v->rc. */
static inline void
drive_bytes(struct drive *v, const struct ingest_format *f, struct str bytes, size_t step)
{
    struct ingest_reader *r = f->open(&v->ctx, &v->file, v->a, &v->d);
    v->rc = r ? 0 : -1;
    for (size_t i = 0; v->rc == 0 && i < bytes.len; i += step) {
        size_t n = bytes.len - i < step ? bytes.len - i : step;
        v->rc = f->push(r, str_n(bytes.s + i, n));
    }
    if (v->rc == 0)
        v->rc = f->end(r);
    if (r)
        f->close(r);
    if (v->rc == 0)
        category_settle(v->a, &v->file);
}

/* A fresh drive of a C string, in one chunk. */
static inline void
drive_text(struct drive *v, const struct ingest_format *f, const char *text)
{
    drive_setup(v);
    drive_bytes(v, f, str_c(text), 1 << 20);
}

static inline void
drive_free(struct drive *v)
{
    arena_free(v->a);
    *v = (struct drive){0};
}

/* How often a native word was counted. */
static inline int64_t
drive_native(const struct scan *s, const char *word)
{
    for (size_t i = 0; i < s->native_counts.n; i++)
        if (str_eqc(s->native_counts.v[i].word, word))
            return s->native_counts.v[i].n;
    return 0;
}

/* True when a warning's text or place holds the words. */
static inline bool
drive_warned(const struct drive *v, const char *words)
{
    for (size_t i = 0; i < v->d.warnings.n; i++)
        if (str_find(v->d.warnings.v[i].text, words) >= 0 ||
            str_find(v->d.warnings.v[i].place, words) >= 0)
            return true;
    return false;
}

/* True when the check has that identifier. */
static inline bool
drive_has_ident(const struct scan_check *c, const char *ident)
{
    for (size_t i = 0; i < c->idents.n; i++)
        if (str_eqc(c->idents.v[i], ident))
            return true;
    return false;
}

/* True when the check stands for that control of a framework. */
static inline bool
drive_maps_to(const struct scan_check *c, const char *framework, const char *edition,
              const char *control)
{
    for (size_t i = 0; i < c->mappings.n; i++)
        if (str_eqc(c->mappings.v[i].framework, framework) &&
            str_eqc(c->mappings.v[i].edition, edition) &&
            str_eqc(c->mappings.v[i].control, control))
            return true;
    return false;
}

/* Checks that a text is refused with a message that holds want. */
static inline void
drive_refused(const struct ingest_format *f, const char *text, const char *want)
{
    struct drive v;
    drive_text(&v, f, text);
    CHECK(v.rc == -1 && str_find(diag_text(&v.d), want) >= 0);
    if (v.rc == 0 || str_find(diag_text(&v.d), want) < 0)
        fprintf(stderr, "%s\n  said %s\n", text, diag_text(&v.d).s);
    drive_free(&v);
}

#endif
