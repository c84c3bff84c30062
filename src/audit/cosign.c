/* Cosignatures over notes, and requests for them. ledger/cosigner.c is the witness, ledger/witness.c the
 * log that asks. */
#include "audit/cosign.h"

#include <assert.h>
#include <string.h>

#include "base/base64.h"
#include "base/buf.h"

enum { TIME = 8, WHOLE = AUDIT_KEY_ID + TIME + AUDIT_SIGNATURE };

#define DASH "\xe2\x80\x94 "

/* ---- signatures ---- */

/* What is signed: time and text. The text is copied byte for byte, because it may hold any byte as long as
 * nobody has checked it. */
static struct str
message(struct str text, uint64_t at, struct arena *a)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_fmt(&b, "cosignature/v1\ntime %llu\n", (unsigned long long)at);
    buf_str(&b, text);
    return arena_str(a, buf_view(&b));
}

int
audit_cosign(struct str note, int64_t at, const struct audit_signer *s, struct arena *a,
             struct str *ret, struct diag *d)
{
    struct str text, lines;
    unsigned char sig[WHOLE];
    struct audit_vkey k = audit_signer_witness(s);
    assert(at >= 0);
    if (!audit_note_part(note, &text, &lines))
        return diag_fail(d, DIAG_VERIFY, "not a signed note");
    memcpy(sig, k.id, AUDIT_KEY_ID);
    /* big-endian, as c2sp.org/tlog-cosignature has it */
    for (int i = 0; i < TIME; i++)
        sig[AUDIT_KEY_ID + i] = (unsigned char)((uint64_t)at >> 8 * (TIME - 1 - i) & 255);
    if (audit_sign(s, message(text, (uint64_t)at, a), sig + AUDIT_KEY_ID + TIME, d) != 0)
        return -1;
    *ret = arena_fmt(a, DASH "%.*s %s\n", STR_ARG(k.name), base64_encode(a, sig, sizeof sig).s);
    return 0;
}

static bool
cosignature_holds(const struct audit_vkey *k, struct str text, struct str sig, struct arena *a,
                  int64_t *ret_at)
{
    if (sig.len != WHOLE)
        return false;
    uint64_t at = 0;
    for (int i = 0; i < TIME; i++)
        at = at << 8 | (unsigned char)sig.s[AUDIT_KEY_ID + i];
    *ret_at = (int64_t)at;
    return at <= INT64_MAX &&
           audit_signature_holds(k, message(text, at, a),
                                 (const unsigned char *)sig.s + AUDIT_KEY_ID + TIME);
}

static enum audit_cosigned
no_note(struct diag *d)
{
    diag_fail(d, DIAG_VERIFY, "not a signed note");
    return AUDIT_COSIGNED_WRONGLY;
}

enum audit_cosigned
audit_cosigned(struct str note, const struct audit_vkey *witness, struct arena *a, int64_t *ret_at,
               struct diag *d)
{
    struct str text, lines;
    struct audit_line l;
    int64_t at;
    enum audit_cosigned is = AUDIT_COSIGNED_NOT;
    *ret_at = 0;
    assert(witness->kind == AUDIT_KEY_WITNESS);
    if (!audit_note_part(note, &text, &lines))
        return no_note(d);
    while (lines.len) {
        if (!audit_note_line(&lines, a, &l))
            return no_note(d);
        if (!audit_line_is(&l, witness))
            continue;
        if (!cosignature_holds(witness, text, l.sig, a, &at)) {
            diag_fail(d, DIAG_VERIFY, "the cosignature of the witness %.*s does not hold",
                      STR_ARG(l.name));
            return AUDIT_COSIGNED_WRONGLY;
        }
        *ret_at = is == AUDIT_COSIGNED && *ret_at > at ? *ret_at : at;
        is = AUDIT_COSIGNED;
    }
    return is;
}

/* ---- lines of a note ---- */

/* What the log signed, byte for byte, without what witnesses added: time stamps are over this. */
struct str
audit_note_alone(struct str note, struct arena *a)
{
    struct str text, lines;
    struct audit_line l;
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    if (!audit_note_part(note, &text, &lines))
        return STR("");
    struct str first = text, origin = str_cut(&first, '\n');
    buf_str(&b, text);
    buf_putc(&b, '\n');
    while (lines.len) {
        const char *from = lines.s;
        if (audit_note_line(&lines, a, &l) && str_eq(l.name, origin))
            buf_add(&b, from, (size_t)(lines.s - from));
    }
    return arena_str(a, buf_view(&b));
}

/* A witness has one line: the new one takes the place of an older one. */
struct str
audit_note_with(struct str note, struct str line, struct arena *a)
{
    struct str text, lines, rest = line;
    struct audit_line l, added;
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    if (!audit_note_line(&rest, a, &added) || !audit_note_part(note, &text, &lines))
        return note;
    buf_str(&b, text);
    buf_putc(&b, '\n');
    while (lines.len) {
        const char *from = lines.s;
        if (audit_note_line(&lines, a, &l) && str_eq(l.name, added.name) &&
            memcmp(l.sig.s, added.sig.s, AUDIT_KEY_ID) == 0)
            continue;
        buf_add(&b, from, (size_t)(lines.s - from));
    }
    buf_str(&b, line);
    return arena_str(a, buf_view(&b));
}

/* ---- requests ---- */

struct str
audit_request_text(const struct audit_request *r, struct arena *a)
{
    assert(r->old_size >= 0);
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_fmt(&b, "old %lld\n", (long long)r->old_size);
    for (size_t i = 0; i < r->proof.n; i++)
        buf_fmt(&b, "%s\n", base64_encode(a, r->proof.hashes[i].b, SHA256_SIZE).s);
    buf_putc(&b, '\n');
    buf_str(&b, r->note);
    return arena_str(a, buf_view(&b));
}

/* The hashes up to the empty line; false when a line is none, or there are too many. */
static bool
read_hashes(struct str *rest, struct arena *a, struct audit_proof *ret)
{
    struct sha256_digest *v = ARENA_ARRAY(a, struct sha256_digest, AUDIT_TREE_DEPTH);
    struct str bytes;
    *ret = (struct audit_proof){.hashes = v};
    while (rest->len) {
        struct str line = str_cut(rest, '\n');
        if (!line.len)
            return true;
        if (ret->n == AUDIT_TREE_DEPTH - 1 || !base64_decode(a, line, &bytes) ||
            bytes.len != SHA256_SIZE)
            return false;
        memcpy(v[ret->n++].b, bytes.s, SHA256_SIZE);
    }
    return false;
}

int
audit_request_read(struct str text, struct arena *a, struct audit_request *ret, struct diag *d)
{
    struct str size = str_cut(&text, '\n'), word = str_cut(&size, ' ');
    if (!str_eqc(word, "old") || !str_to_i64(size, &ret->old_size) || ret->old_size < 0 ||
        !str_eq(size, arena_fmt(a, "%lld", (long long)ret->old_size)) ||
        !read_hashes(&text, a, &ret->proof))
        return diag_fail(d, DIAG_VERIFY,
                         "not a request for a cosignature: \"old SIZE\", hashes of a proof, an "
                         "empty line, a checkpoint");
    ret->note = text;
    return 0;
}
