/* Checkpoints and proofs as text. Behind tree.c and note.c; ledger/checkpoint.c makes and keeps them.
 */
#include "audit/checkpoint.h"

#include <assert.h>
#include <string.h>

#include "audit/record.h"
#include "base/base64.h"
#include "base/buf.h"

#define PROOF_HEAD "c2sp.org/tlog-proof@v1"

/* ---- checkpoints ---- */

int
audit_checkpoint_sign(int64_t size, const struct sha256_digest *root, const struct audit_signer *s,
                      struct arena *a, struct str *ret, struct diag *d)
{
    assert(size >= 0);
    struct audit_vkey k = audit_signer_vkey(s);
    struct str text = arena_fmt(a, "%.*s\n%lld\n%s\n", STR_ARG(k.name), (long long)size,
                                base64_encode(a, root->b, SHA256_SIZE).s);
    return audit_note_sign(text, s, a, ret, d);
}

static bool
read_hash(struct str text, struct arena *a, struct sha256_digest *ret)
{
    struct str bytes;
    if (!base64_decode(a, text, &bytes) || bytes.len != SHA256_SIZE)
        return false;
    memcpy(ret->b, bytes.s, SHA256_SIZE);
    return true;
}

/* A number as the formats write it: no sign, no leading zeros. */
static bool
read_number(struct str text, struct arena *a, int64_t *ret)
{
    return str_to_i64(text, ret) && *ret >= 0 &&
           str_eq(text, arena_fmt(a, "%lld", (long long)*ret));
}

/* Lines behind the third are extensions, which nobody has to understand. */
int
audit_checkpoint_read(struct str text, struct arena *a, struct audit_checkpoint *ret,
                      struct diag *d)
{
    struct audit_checkpoint c = {.origin = str_cut(&text, '\n')};
    struct str size = str_cut(&text, '\n'), root = str_cut(&text, '\n');
    if (!c.origin.len || !read_number(size, a, &c.size) || !read_hash(root, a, &c.root))
        return diag_fail(d, DIAG_VERIFY, "not a checkpoint: origin, size and root, one a line");
    *ret = c;
    return 0;
}

int
audit_checkpoint_open(struct str note, const struct audit_vkey *k, struct arena *a,
                      struct audit_checkpoint *ret, struct diag *d)
{
    struct str text;
    if (audit_note_open(note, k, a, &text, d) != 0 || audit_checkpoint_read(text, a, ret, d) != 0)
        return -1;
    if (!str_eq(ret->origin, k->name))
        return diag_fail(d, DIAG_VERIFY, "the checkpoint is of another log: %.*s",
                         STR_ARG(ret->origin));
    return 0;
}

/* ---- proofs ---- */

struct str
audit_proof_text(int64_t at, const struct audit_proof *p, struct str record, struct str note,
                 struct arena *a)
{
    assert(at >= 0);
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_fmt(&b, PROOF_HEAD "\nextra %s\nindex %lld\n", base64_encode(a, record.s, record.len).s,
            (long long)at);
    for (size_t i = 0; i < p->n; i++)
        buf_fmt(&b, "%s\n", base64_encode(a, p->hashes[i].b, SHA256_SIZE).s);
    buf_fmt(&b, "\n%.*s", STR_ARG(note));
    return arena_str(a, buf_view(&b));
}

/* A mailer may have turned the line end into CR LF: that is still meant to be a proof, and then one that
 * does not hold. */
bool
audit_proof_is(struct str head)
{
    struct str line = str_cut(&head, '\n');
    return str_eqc(line, PROOF_HEAD) || str_eqc(line, PROOF_HEAD "\r");
}

/* The hashes up to the empty line; what is left is the checkpoint. */
static bool
read_hashes(struct str *rest, struct arena *a, struct audit_proof *ret)
{
    struct sha256_digest *v = ARENA_ARRAY(a, struct sha256_digest, AUDIT_TREE_DEPTH);
    size_t n = 0;
    while (rest->len) {
        struct str line = str_cut(rest, '\n');
        if (!line.len) {
            *ret = (struct audit_proof){.hashes = v, .n = n};
            return true;
        }
        if (n == AUDIT_TREE_DEPTH || !read_hash(line, a, &v[n++]))
            return false;
    }
    return false;
}

/* Cuts "WORD VALUE" off; false when the line has another word. */
static bool
read_word(struct str *rest, const char *word, struct str *ret)
{
    *ret = str_cut(rest, '\n');
    struct str first = str_cut(ret, ' ');
    return str_eqc(first, word);
}

static int
read_proof(struct str text, struct arena *a, struct audit_proven *ret, struct audit_proof *ret_way,
           struct str *ret_note, struct diag *d)
{
    struct str extra, index;
    struct str head = str_cut(&text, '\n');
    if (!str_eqc(head, PROOF_HEAD) || !read_word(&text, "extra", &extra) ||
        !base64_decode(a, extra, &ret->record) || !read_word(&text, "index", &index) ||
        !read_number(index, a, &ret->at) || !read_hashes(&text, a, ret_way))
        return diag_fail(d, DIAG_VERIFY, "not a proof with a record in it (" PROOF_HEAD ")");
    *ret_note = text;
    return 0;
}

int
audit_proof_check(struct str proof, const struct audit_vkey *k, struct arena *a,
                  struct audit_proven *ret, struct diag *d)
{
    struct audit_proof way;
    struct str note;
    struct audit_checkpoint *c = &ret->checkpoint;
    if (read_proof(proof, a, ret, &way, &note, d) != 0 ||
        audit_checkpoint_open(note, k, a, c, d) != 0)
        return -1;
    struct sha256_digest leaf = audit_record_leaf(ret->record);
    if (!audit_tree_includes(&c->root, (uint64_t)c->size, (uint64_t)ret->at, &leaf, &way))
        return diag_fail(d, DIAG_VERIFY,
                         "the proof does not lead from the record to the checkpoint: one of them "
                         "was changed");
    return 0;
}
