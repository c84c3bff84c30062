/* Permissions to prune: signed by ledger/prune.c, asked for by ledger/verify_log.c. */
#include "audit/prune.h"

#include <assert.h>

static const char words[] = "pruned below ";

int
audit_prune_sign(int64_t minimum, const struct audit_signer *s, struct arena *a, struct str *ret,
                 struct diag *d)
{
    assert(minimum >= 0);
    struct audit_vkey k = audit_signer_vkey(s);
    struct str text = arena_fmt(a, "%.*s\n%s%lld\n", STR_ARG(k.name), words, (long long)minimum);
    return audit_note_sign(text, s, a, ret, d);
}

/* The key must have been in force when the record was written. */
int
audit_prune_read(const struct audit_record *r, const struct audit_keys *k, struct arena *a,
                 int64_t *ret, struct diag *d)
{
    struct str text, note = STR("");
    for (size_t i = 0; i < r->changes.n && !note.len; i++)
        if (str_eqc(r->changes.v[i].field, "note"))
            note = r->changes.v[i].new_value;
    for (size_t i = 0; i < k->v.n; i++) {
        const struct audit_key_span *s = &k->v.v[i];
        if (!audit_note_names(note, &s->key, a))
            continue;
        if (audit_note_open(note, &s->key, a, &text, d) != 0 ||
            audit_key_covers(s, r->seq, a, d) != 0)
            return -1;
        struct str origin = str_cut(&text, '\n'), line = str_cut(&text, '\n');
        size_t n = sizeof words - 1;
        if (text.len || !str_eq(origin, s->key.name) || !str_starts(line, words) ||
            !str_to_i64(str_n(line.s + n, line.len - n), ret) || *ret < 0)
            return diag_fail(d, DIAG_VERIFY, "what was signed is no permission to prune this log");
        return 0;
    }
    return diag_fail(
        d, DIAG_VERIFY,
        "no key on the list of this host (audit.vkeys) signed this permission to prune");
}
