/* Lists of keys. ledger/log_keys.c keeps that of this host; note.c looks at signatures. */
#include "audit/keys.h"

#include <assert.h>

#include "base/buf.h"

/* "-" = as far as the log goes. */
static bool
read_size(struct str text, int64_t *ret)
{
    if (str_eqc(text, "-"))
        *ret = INT64_MAX;
    return str_eqc(text, "-") || (str_to_i64(text, ret) && *ret >= 0);
}

static int
read_line(struct str line, struct arena *a, struct audit_key_span *ret, struct diag *d)
{
    struct str rest = line, vkey = str_cut(&rest, ' ');
    *ret = (struct audit_key_span){.first = 0, .last = INT64_MAX};
    if (audit_vkey_parse(vkey, a, &ret->key, d) != 0)
        return -1;
    if (!rest.len)
        return 0;
    struct str first = str_cut(&rest, ' ');
    if (!read_size(first, &ret->first) || !read_size(rest, &ret->last) || ret->last < ret->first)
        return diag_fail(d, DIAG_CONFIG, "want VKEY FIRST LAST, two sizes of the log");
    return 0;
}

int
audit_keys_parse(struct str text, struct arena *a, struct audit_keys *ret, struct diag *d)
{
    struct audit_keys k = {0};
    for (int n = 1; text.len; n++) {
        struct str line = str_trim(str_cut(&text, '\n'));
        if (!line.len || line.s[0] == '#')
            continue;
        if (read_line(line, a, VEC_PUSH(a, &k.v), d) != 0)
            return diag_at(d, "line %d", n);
    }
    if (k.v.n == 0)
        return diag_fail(d, DIAG_CONFIG, "no key of the kind NAME+ID+BASE64");
    *ret = k;
    return 0;
}

struct str
audit_keys_text(const struct audit_keys *k, struct arena *a)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    for (size_t i = 0; i < k->v.n; i++) {
        const struct audit_key_span *s = &k->v.v[i];
        buf_fmt(&out, "%s %lld ", audit_vkey_text(&s->key, a).s, (long long)s->first);
        if (s->last == INT64_MAX)
            buf_puts(&out, "-\n");
        else
            buf_fmt(&out, "%lld\n", (long long)s->last);
    }
    return arena_str(a, buf_view(&out));
}

struct audit_key_span *
audit_keys_find(const struct audit_keys *k, struct str id, struct arena *a)
{
    for (size_t i = 0; i < k->v.n; i++)
        if (str_eq(id, audit_vkey_id(&k->v.v[i].key, a)))
            return &k->v.v[i];
    return NULL;
}

bool
audit_keys_know(const struct audit_keys *k, struct str note, struct arena *a)
{
    for (size_t i = 0; i < k->v.n; i++)
        if (audit_note_names(note, &k->v.v[i].key, a))
            return true;
    return false;
}

int
audit_key_covers(const struct audit_key_span *s, int64_t size, struct arena *a, struct diag *d)
{
    assert(s->first <= s->last);
    if (size >= s->first && size <= s->last)
        return 0;
    return diag_fail(d, DIAG_VERIFY,
                     "the key %s signed for %lld records and was not in force then (audit.vkeys): "
                     "somebody else has it",
                     audit_vkey_id(&s->key, a).s, (long long)size);
}

int
audit_key_open(const struct audit_key_span *k, struct str note, struct arena *a,
               struct audit_checkpoint *ret, struct diag *d)
{
    if (audit_checkpoint_open(note, &k->key, a, ret, d) != 0)
        return -1;
    return audit_key_covers(k, ret->size, a, d);
}

/* A note that was signed while one key followed another has lines of both: each must hold. */
int
audit_keys_open(const struct audit_keys *k, struct str note, struct arena *a,
                struct audit_checkpoint *ret, const struct audit_key_span **ret_key, struct diag *d)
{
    assert(k->v.n > 0);
    const struct audit_key_span *newest = NULL;
    for (size_t i = 0; i < k->v.n; i++) {
        const struct audit_key_span *s = &k->v.v[i];
        if (!audit_note_names(note, &s->key, a))
            continue;
        if (audit_key_open(s, note, a, ret, d) != 0)
            return -1;
        newest = s;
    }
    if (!newest) /* fails, and says what the note lacks */
        return audit_checkpoint_open(note, &k->v.v[k->v.n - 1].key, a, ret, d);
    if (ret_key)
        *ret_key = newest;
    return 0;
}
