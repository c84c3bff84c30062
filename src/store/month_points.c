/* Packed points; month_close.c writes them, load_months.c reads them. */
#include "store/month_points.h"

#include <string.h>

#include "base/buf.h"

/* ---- writing ---- */

static void
put_number(struct buf *b, uint64_t v)
{
    for (; v > 127; v >>= 7)
        buf_putc(b, (char)(v | 128));
    buf_putc(b, (char)v);
}

/* Small ones of either sign are short. */
static void
put_signed(struct buf *b, int64_t v)
{
    put_number(b, (uint64_t)v << 1 ^ (uint64_t)(v < 0 ? -1 : 0));
}

static void
put_id(struct buf *b, uint64_t v)
{
    for (int i = 56; i >= 0; i -= 8)
        buf_putc(b, (char)(v >> i));
}

static bool
is_same_line(const struct month_point *p, const struct month_point *q)
{
    return p->agent_id == q->agent_id && p->line_id == q->line_id;
}

/* The versions that occur, and their positions by the bytes of the id. */
static void
put_policies(struct buf *b, const struct month_point *v, size_t n, struct map *at, struct arena *a)
{
    AUTO_BUF ids = buf_init(BUF_MAX_DEFAULT);
    size_t n_ids = 0;
    for (size_t i = 0; i < n; i++) {
        struct str key = str_n((const char *)&v[i].policy_id, sizeof v[i].policy_id);
        if ((i && v[i].policy_id == v[i - 1].policy_id) || map_get_index(at, key) >= 0)
            continue;
        map_put_index(at, arena_str(a, key), n_ids++);
        put_id(&ids, v[i].policy_id);
    }
    put_number(b, n_ids);
    buf_str(b, buf_view(&ids));
}

struct str
month_points_pack(const struct month_point *v, size_t n, struct arena *a)
{
    struct map *at = map_new(a);
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    if (n)
        put_policies(&b, v, n, at, a);
    for (size_t i = 0, k; i < n; i = k) {
        int64_t last = 0;
        for (k = i + 1; k < n && is_same_line(&v[k], &v[i]);)
            k++;
        put_id(&b, v[i].agent_id);
        put_id(&b, v[i].line_id);
        put_number(&b, k - i);
        for (size_t j = i; j < k; j++) {
            struct str policy = str_n((const char *)&v[j].policy_id, sizeof v[j].policy_id);
            put_signed(&b, v[j].end - last);
            put_number(&b, (uint64_t)map_get_index(at, policy));
            put_number(&b, (uint64_t)v[j].passed);
            put_number(&b, (uint64_t)v[j].failed);
            put_number(&b, (uint64_t)v[j].skipped);
            last = v[j].end;
        }
    }
    return buf_give(&b, a);
}

/* ---- reading ---- */

static bool
get_number(struct str *rest, uint64_t *ret)
{
    uint64_t v = 0;
    for (unsigned shift = 0; rest->len && shift < 64; shift += 7) {
        unsigned char c = (unsigned char)*rest->s;
        *rest = str_n(rest->s + 1, rest->len - 1);
        v |= (uint64_t)(c & 127) << shift;
        if (!(c & 128)) {
            *ret = v;
            return true;
        }
    }
    return false;
}

static uint64_t
id_at(const char *p)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v = v << 8 | (unsigned char)p[i];
    return v;
}

static bool
get_line(struct month_reader *r)
{
    if (r->rest.len < 16)
        return false;
    r->at = (struct month_point){.agent_id = id_at(r->rest.s), .line_id = id_at(r->rest.s + 8)};
    r->rest = str_n(r->rest.s + 16, r->rest.len - 16);
    return get_number(&r->rest, &r->n_left) && r->n_left > 0;
}

static bool
get_point(struct month_reader *r)
{
    uint64_t v[5]; /* difference of times, policy, passed, failed, skipped */
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        if (!get_number(&r->rest, &v[i]) || (i > 1 && v[i] > UINT32_MAX))
            return false;
    if (v[1] >= r->n_policies)
        return false;
    uint64_t step = v[0] >> 1 ^ (v[0] & 1 ? UINT64_MAX : 0);
    r->at.end = (int64_t)((uint64_t)r->at.end + step);
    r->at.policy_id = id_at(r->policies + 8 * v[1]);
    r->at.passed = (int64_t)v[2];
    r->at.failed = (int64_t)v[3];
    r->at.skipped = (int64_t)v[4];
    r->n_left--;
    return true;
}

struct month_reader
month_points_read(struct str packed)
{
    struct month_reader r = {.rest = packed};
    uint64_t n;
    if (!packed.len)
        return r;
    if (!get_number(&r.rest, &n) || n > r.rest.len / 8) {
        r.n_left = 1; /* no point can be read: damaged */
        return r;
    }
    r.policies = r.rest.s;
    r.n_policies = n;
    r.rest = str_n(r.rest.s + 8 * n, r.rest.len - 8 * n);
    return r;
}

int
month_points_next(struct month_reader *r, struct month_point *ret)
{
    if (!r->n_left) {
        if (!r->rest.len)
            return 0;
        if (!get_line(r))
            return -1;
    }
    if (!get_point(r))
        return -1;
    *ret = r->at;
    return 1;
}
