/* The format of backups, both ways. Below backup.c and unpack.c, which know what is in it. */
#include "job/backup_file.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

enum { ENOUGH_ROWS = 256 << 10, FRAME_HEAD = 5, PIECE = 64 << 10, MAX_TEXT = 1 << 20 };

static const uint32_t null_value = UINT32_MAX;

/* ---- writing ---- */

static void
put_length(char to[4], size_t n)
{
    for (int i = 0; i < 4; i++)
        to[i] = (char)(n >> (24 - 8 * i));
}

static int
write_bytes(struct backup_writer *w, struct str bytes, struct diag *d)
{
    sha256_add(w->all, bytes.s, bytes.len);
    if (w->part)
        sha256_add(w->part, bytes.s, bytes.len);
    w->n_bytes += (int64_t)bytes.len;
    return w->put(w->ctx, bytes, d);
}

static int
write_frame(struct backup_writer *w, char kind, struct str bytes, struct diag *d)
{
    char head[FRAME_HEAD] = {kind};
    assert(bytes.len <= BACKUP_MAX_FRAME);
    put_length(head + 1, bytes.len);
    return write_bytes(w, str_n(head, sizeof head), d) == 0 ? write_bytes(w, bytes, d) : -1;
}

int
backup_write_begin(struct backup_writer *w, backup_put_fn *put, void *ctx,
                   const struct backup_manifest *manifest, struct arena *a, struct diag *d)
{
    *w = (struct backup_writer){.put = put, .ctx = ctx, .a = a, .manifest = *manifest};
    w->all = sha256_new();
    w->rows = buf_init(BACKUP_MAX_FRAME);
    return write_bytes(w, STR(BACKUP_MAGIC), d);
}

int
backup_write_part(struct backup_writer *w, const struct store_part *p, struct diag *d)
{
    AUTO_BUF head = buf_init(1 << 16);
    assert(!w->part && p->columns.n <= STORE_MAX_COLUMNS);
    buf_fmt(&head, "%.*s\n", STR_ARG(p->name));
    for (size_t i = 0; i < p->columns.n; i++)
        buf_fmt(&head, "%c %.*s\n", (char)p->columns.v[i].kind, STR_ARG(p->columns.v[i].name));
    w->at = (struct backup_part){.name = p->name};
    w->part = sha256_new();
    return write_frame(w, 'P', buf_view(&head), d);
}

static int
send_rows(struct backup_writer *w, struct diag *d)
{
    if (buf_bad(&w->rows)) {
        diag_fail(d, DIAG_TOO_BIG, "a row of more than %d bytes does not fit into a backup",
                  BACKUP_MAX_FRAME);
        return diag_at(d, "part %.*s", STR_ARG(w->at.name));
    }
    int rc = w->rows.len ? write_frame(w, 'R', buf_view(&w->rows), d) : 0;
    buf_cut(&w->rows, 0);
    return rc;
}

int
backup_write_row(struct backup_writer *w, const struct str *values, size_t n, struct diag *d)
{
    assert(w->part && n > 0);
    for (size_t i = 0; i < n; i++) {
        char len[4];
        assert(values[i].len < null_value);
        put_length(len, values[i].s ? values[i].len : null_value);
        buf_add(&w->rows, len, sizeof len);
        if (values[i].s)
            buf_add(&w->rows, values[i].s, values[i].len);
    }
    w->at.n_rows++;
    return w->rows.len >= ENOUGH_ROWS || buf_bad(&w->rows) ? send_rows(w, d) : 0;
}

int
backup_write_part_end(struct backup_writer *w, struct diag *d)
{
    if (send_rows(w, d) != 0)
        return -1;
    w->at.sha256 = sha256_final(w->part);
    w->part = NULL;
    *VEC_PUSH(w->a, &w->manifest.parts) = w->at;
    return 0;
}

static struct str
manifest_text(const struct backup_manifest *m, struct arena *a)
{
    AUTO_BUF out = buf_init(1 << 24);
    buf_fmt(&out,
            "schema %lld\nmade %s\nprogram %.*s\nserver %.*s\norigin %.*s\nrecords %lld\nhead %s\n",
            (long long)m->schema, clock_iso(a, m->made).s, STR_ARG(m->program), STR_ARG(m->server),
            STR_ARG(m->origin), (long long)m->n_records, sha256_hex(a, &m->head).s);
    for (size_t i = 0; i < m->parts.n; i++)
        buf_fmt(&out, "part %.*s %lld %s\n", STR_ARG(m->parts.v[i].name),
                (long long)m->parts.v[i].n_rows, sha256_hex(a, &m->parts.v[i].sha256).s);
    buf_puts(&out, "checkpoint\n");
    buf_str(&out, m->checkpoint);
    return arena_str(a, buf_view(&out));
}

int
backup_write_end(struct backup_writer *w, struct sha256_digest *ret, struct diag *d)
{
    assert(!w->part);
    if (write_frame(w, 'M', manifest_text(&w->manifest, w->a), d) != 0)
        return -1;
    char head[FRAME_HEAD] = {'E'};
    put_length(head + 1, SHA256_SIZE);
    *ret = sha256_final(w->all);
    w->all = NULL;
    w->n_bytes += FRAME_HEAD + SHA256_SIZE;
    return w->put(w->ctx, str_n(head, sizeof head), d) == 0
               ? w->put(w->ctx, str_n((const char *)ret->b, SHA256_SIZE), d)
               : -1;
}

void
backup_writer_drop(struct backup_writer *w)
{
    sha256_drop(w->all);
    sha256_drop(w->part);
    buf_done(&w->rows);
}

/* ---- reading ---- */

struct reading {
    backup_get_fn *get;
    void *get_ctx;
    const struct backup_sink *sink;
    struct arena *a;
    struct sha256 *all, *part_hash;
    struct store_part part;    /* the one under way; name empty = none */
    struct backup_part so_far; /* of it */
    VEC(struct backup_part) parts;
    struct buf frame;
    struct backup_read *ret;
    bool has_manifest;
};

static int
broken(struct reading *r, const char *why, struct diag *d)
{
    diag_fail(d, DIAG_BAD_DATA, "%s", why);
    if (r->part.name.len)
        return diag_at(d, "part %.*s", STR_ARG(r->part.name));
    return diag_at(d, "byte %lld", (long long)r->ret->n_bytes);
}

/* Reads n bytes, or *ret_n = what there was when it ended before. */
static int
read_some(struct reading *r, char *to, size_t n, size_t *ret_n, struct diag *d)
{
    size_t got = 1;
    for (*ret_n = 0; *ret_n < n && got > 0; *ret_n += got)
        if (r->get(r->get_ctx, to + *ret_n, n - *ret_n, &got, d) != 0)
            return -1;
    r->ret->n_bytes += (int64_t)*ret_n;
    return 0;
}

static int
read_all(struct reading *r, char *to, size_t n, struct diag *d)
{
    size_t got;
    if (read_some(r, to, n, &got, d) != 0)
        return -1;
    if (got == n)
        return 0;
    diag_fail(d, DIAG_TRUNCATED, "the backup is cut off: it ends before its end frame");
    return diag_at(d, "byte %lld", (long long)r->ret->n_bytes);
}

/* A length that is no length takes no memory: the buffer grows with what really comes. */
static int
read_frame(struct reading *r, char *ret_kind, char head[FRAME_HEAD], struct diag *d)
{
    if (read_all(r, head, FRAME_HEAD, d) != 0)
        return -1;
    size_t left = 0;
    for (int i = 1; i < FRAME_HEAD; i++)
        left = left << 8 | (unsigned char)head[i];
    if (left > BACKUP_MAX_FRAME)
        return broken(r, "a frame is longer than 128 MiB", d);
    buf_cut(&r->frame, 0);
    while (left) {
        size_t n = left < PIECE ? left : PIECE;
        char *to = buf_room(&r->frame, n);
        assert(to);
        if (read_all(r, to, n, d) != 0)
            return -1;
        buf_grew(&r->frame, n);
        left -= n;
    }
    *ret_kind = head[0];
    return 0;
}

static void
add_hash(struct reading *r, const char head[FRAME_HEAD])
{
    sha256_add(r->all, head, FRAME_HEAD);
    sha256_add(r->all, r->frame.data, r->frame.len);
    if (!r->part_hash)
        return;
    sha256_add(r->part_hash, head, FRAME_HEAD);
    sha256_add(r->part_hash, r->frame.data, r->frame.len);
}

static int
end_part(struct reading *r, struct diag *d)
{
    if (!r->part.name.len)
        return 0;
    r->so_far.sha256 = sha256_final(r->part_hash);
    r->part_hash = NULL;
    *VEC_PUSH(r->a, &r->parts) = r->so_far;
    if (r->sink->part_end && r->sink->part_end(r->sink->ctx, d) != 0)
        return -1;
    r->part = (struct store_part){.name = STR("")};
    return 0;
}

/* Names as parts_is_name() has them, so that what is printed and compared is plain. */
static bool
is_name(struct str s)
{
    return s.len > 0 && s.len <= 64 &&
           strspn(s.s, "abcdefghijklmnopqrstuvwxyz0123456789_") >= s.len;
}

static int
begin_part(struct reading *r, struct diag *d)
{
    struct str rest = arena_str(r->a, buf_view(&r->frame)), name = str_cut(&rest, '\n');
    if (!is_name(name) || r->parts.n == BACKUP_MAX_PARTS)
        return broken(r, "a part without a name, or too many parts", d);
    for (size_t i = 0; i < r->parts.n; i++)
        if (str_eq(r->parts.v[i].name, name))
            return broken(r, "a part stands twice", d);
    r->part = (struct store_part){.name = name};
    r->so_far = (struct backup_part){.name = name};
    r->part_hash = sha256_new();
    while (rest.len) {
        struct str line = str_cut(&rest, '\n');
        struct store_column c = {str_n(line.s + 2, line.len > 2 ? line.len - 2 : 0),
                                 line.len ? (enum store_kind)line.s[0] : 0};
        bool is_kind =
            c.kind == STORE_NUMBER || c.kind == STORE_TEXT_VALUE || c.kind == STORE_BYTES;
        if (line.len < 3 || line.s[1] != ' ' || !is_kind || !is_name(c.name) ||
            r->part.columns.n == STORE_MAX_COLUMNS)
            return broken(r, "a column is no kind (n, t, b) and name, or there are too many", d);
        *VEC_PUSH(r->a, &r->part.columns) = c;
    }
    if (r->part.columns.n == 0)
        return broken(r, "it has no columns", d);
    return 0;
}

static bool
take_value(struct str *rest, struct str *ret)
{
    size_t n = 0;
    if (rest->len < 4)
        return false;
    for (int i = 0; i < 4; i++)
        n = n << 8 | (unsigned char)rest->s[i];
    *rest = str_n(rest->s + 4, rest->len - 4);
    *ret = (struct str){NULL, 0};
    if (n == null_value)
        return true;
    if (n > rest->len)
        return false;
    *ret = str_n(rest->s, n);
    *rest = str_n(rest->s + n, rest->len - n);
    return true;
}

static int
read_rows(struct reading *r, struct diag *d)
{
    struct str values[STORE_MAX_COLUMNS], rest = buf_view(&r->frame);
    size_t n = r->part.columns.n;
    if (n == 0 || !rest.len)
        return broken(r, n ? "a frame of rows is empty" : "rows outside of a part", d);
    while (rest.len) {
        for (size_t i = 0; i < n; i++)
            if (!take_value(&rest, &values[i]))
                return broken(
                    r, "a row ends in the middle of a value, or a value is longer than its frame",
                    d);
        r->so_far.n_rows++;
        r->ret->n_rows++;
        if (r->sink->row && r->sink->row(r->sink->ctx, values, n, d) != 0)
            return -1;
    }
    return 0;
}

/* The rest of the line that begins with the word and a space; false = it is another line. */
static bool
take_line(struct str *rest, const char *word, struct str *ret)
{
    struct str line = str_cut(rest, '\n');
    size_t n = strlen(word);
    if (!str_starts(line, word) || line.len < n + 1 || line.s[n] != ' ')
        return false;
    *ret = str_n(line.s + n + 1, line.len - n - 1);
    return true;
}

static bool
parse_part(struct str text, struct backup_part *ret)
{
    ret->name = str_cut(&text, ' ');
    return str_to_i64(str_cut(&text, ' '), &ret->n_rows) && sha256_from_hex(text, &ret->sha256);
}

static bool
parse_manifest(struct str text, struct arena *a, struct backup_manifest *m)
{
    struct str schema, made, records, head, part;
    struct clock_time at;
    if (!take_line(&text, "schema", &schema) || !str_to_i64(schema, &m->schema) || m->schema < 1 ||
        m->schema > 1000000 || !take_line(&text, "made", &made) || !clock_parse(made, 0, &at) ||
        !take_line(&text, "program", &m->program) || !take_line(&text, "server", &m->server) ||
        !take_line(&text, "origin", &m->origin) || !take_line(&text, "records", &records) ||
        !str_to_i64(records, &m->n_records) || !take_line(&text, "head", &head) ||
        !sha256_from_hex(head, &m->head))
        return false;
    m->made = at.t;
    while (str_starts(text, "part ")) {
        struct backup_part p;
        if (!take_line(&text, "part", &part) || !parse_part(part, &p))
            return false;
        *VEC_PUSH(a, &m->parts) = p;
    }
    if (!str_eqc(str_cut(&text, '\n'), "checkpoint"))
        return false;
    m->checkpoint = text;
    return true;
}

static int
read_manifest(struct reading *r, struct diag *d)
{
    struct backup_manifest *m = &r->ret->manifest;
    if (!parse_manifest(arena_str(r->a, buf_view(&r->frame)), r->a, m))
        return broken(r, "the manifest cannot be read", d);
    bool same = m->parts.n == r->parts.n;
    for (size_t i = 0; same && i < m->parts.n; i++) {
        const struct backup_part *p = &m->parts.v[i], *q = &r->parts.v[i];
        same = str_eq(p->name, q->name) && p->n_rows == q->n_rows &&
               memcmp(p->sha256.b, q->sha256.b, SHA256_SIZE) == 0;
        if (!same) {
            diag_fail(d, DIAG_BAD_DATA, "it is not what the manifest says: the backup was changed");
            return diag_at(d, "part %.*s", STR_ARG(q->name));
        }
    }
    r->has_manifest = true;
    return same ? 0 : broken(r, "the manifest has other parts than the backup: it was changed", d);
}

static int
read_end(struct reading *r, struct diag *d)
{
    char more;
    size_t n;
    r->ret->sha256 = sha256_final(r->all);
    r->all = NULL;
    if (!r->has_manifest)
        return broken(r, "it ends without a manifest", d);
    if (r->frame.len != SHA256_SIZE || memcmp(r->frame.data, r->ret->sha256.b, SHA256_SIZE) != 0)
        return broken(r, "the hash at its end is another: the backup was changed", d);
    if (read_some(r, &more, 1, &n, d) != 0)
        return -1;
    return n ? broken(r, "something follows its end", d) : 0;
}

/* Each frame ends the part before it, but for rows. */
static int
take_frame(struct reading *r, char kind, const char head[FRAME_HEAD], struct diag *d)
{
    if (kind != 'R' && end_part(r, d) != 0)
        return -1;
    if (kind != 'R' && r->frame.len > MAX_TEXT)
        return broken(r, "a head or a manifest is longer than a MiB", d);
    if (kind != 'E' && r->has_manifest)
        return broken(r, "something follows the manifest", d);
    switch (kind) {
    case 'P':
        if (begin_part(r, d) != 0)
            return -1;
        add_hash(r, head);
        return r->sink->part ? r->sink->part(r->sink->ctx, &r->part, d) : 0;
    case 'R':
        add_hash(r, head);
        return read_rows(r, d);
    case 'M':
        add_hash(r, head);
        return read_manifest(r, d);
    case 'E':
        return read_end(r, d);
    default:
        return broken(r, "a frame of an unknown kind", d);
    }
}

int
backup_read(backup_get_fn *get, void *get_ctx, const struct backup_sink *sink, struct arena *a,
            struct backup_read *ret, struct diag *d)
{
    struct reading r = {.get = get, .get_ctx = get_ctx, .sink = sink, .a = a, .ret = ret};
    char magic[sizeof BACKUP_MAGIC - 1], head[FRAME_HEAD], kind = 0;
    size_t n;
    *ret = (struct backup_read){0};
    r.part.name = STR("");
    r.all = sha256_new();
    r.frame = buf_init(BACKUP_MAX_FRAME);
    int rc = read_some(&r, magic, sizeof magic, &n, d);
    if (rc == 0 && (n != sizeof magic || memcmp(magic, BACKUP_MAGIC, n) != 0))
        rc = diag_fail(d, DIAG_BAD_DATA,
                       "no backup of assay: it does not begin with \"assay-backup 1\" (where it is "
                       "encrypted: or the key is another)");
    sha256_add(r.all, magic, sizeof magic);
    while (rc == 0 && kind != 'E') {
        rc = read_frame(&r, &kind, head, d);
        if (rc == 0)
            rc = take_frame(&r, kind, head, d);
    }
    sha256_drop(r.all);
    sha256_drop(r.part_hash);
    buf_done(&r.frame);
    return rc;
}
