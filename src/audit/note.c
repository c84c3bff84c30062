/* Signed notes over OpenSSL's Ed25519. checkpoint.c says what is signed. */
#include "audit/note.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/auto.h"
#include "base/base64.h"
#include "base/mem.h"
#include "base/sha256.h"
#include "base/utf8.h"

AUTO_DEFINE(EVP_PKEY *, EVP_PKEY_free)
AUTO_DEFINE(EVP_MD_CTX *, EVP_MD_CTX_free)
AUTO_DEFINE(BIO *, BIO_free)

enum { MAX_SIGNATURES = 64 }; /* lines of a note */

#define DASH "\xe2\x80\x94 "

struct audit_signer {
    EVP_PKEY *key;
    char *name;
    struct audit_vkey vkey;
};

/* ---- keys ---- */

/* Blanks end a name in a note, '+' in a vkey. */
static bool
is_name(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.s[i] <= ' ' || s.s[i] == '+' || s.s[i] == 0x7f)
            return false;
    return s.len > 0 && utf8_valid(s);
}

/* The first four bytes of SHA-256 over name, line feed, kind and key (c2sp.org/signed-note). */
static void
fill_id(struct audit_vkey *k)
{
    unsigned char type[] = {'\n', (unsigned char)k->kind};
    struct sha256 *h = sha256_new();
    sha256_add(h, k->name.s, k->name.len);
    sha256_add(h, type, sizeof type);
    sha256_add(h, k->key, sizeof k->key);
    struct sha256_digest id = sha256_final(h);
    memcpy(k->id, id.b, sizeof k->id);
}

/* Takes the key over, also when it fails. */
static int
signer_of(EVP_PKEY *key, struct str name, struct audit_signer **ret, struct diag *d)
{
    AUTO(EVP_PKEY_free_auto) EVP_PKEY *mine = key;
    struct audit_vkey k = {.kind = AUDIT_KEY_LOG};
    size_t n = sizeof k.key;
    if (!is_name(name))
        return diag_fail(d, DIAG_CONFIG,
                         "\"%.*s\" cannot name a key: it must hold neither blanks nor '+'",
                         STR_ARG(utf8_one_line(d->arena, name)));
    if (EVP_PKEY_id(mine) != EVP_PKEY_ED25519 ||
        EVP_PKEY_get_raw_public_key(mine, k.key, &n) != 1 || n != sizeof k.key)
        return diag_fail(d, DIAG_CONFIG, "the key is not of the kind Ed25519");
    struct audit_signer *s = mem_alloc(sizeof *s);
    s->key = mine;
    mine = NULL;
    s->name = mem_alloc(name.len + 1);
    memcpy(s->name, name.s, name.len);
    k.name = str_n(s->name, name.len); /* mem_alloc gave zeros: the name ends with NUL */
    fill_id(&k);
    s->vkey = k;
    *ret = s;
    return 0;
}

int
audit_signer_make(struct str name, struct audit_signer **ret, struct diag *d)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    if (!key)
        return diag_fail(d, DIAG_INTERNAL, "OpenSSL makes no Ed25519 key");
    return signer_of(key, name, ret, d);
}

int
audit_signer_read(struct str pem, struct str name, struct audit_signer **ret, struct diag *d)
{
    char none[] = ""; /* never ask on the terminal */
    assert(pem.len < INT32_MAX);
    AUTO(BIO_free_auto) BIO *b = BIO_new_mem_buf(pem.s, (int)pem.len);
    EVP_PKEY *key = b ? PEM_read_bio_PrivateKey(b, NULL, NULL, none) : NULL;
    if (!key)
        return diag_fail(d, DIAG_CONFIG, "no private key in PEM (PKCS #8, not encrypted)");
    return signer_of(key, name, ret, d);
}

void
audit_signer_free(struct audit_signer *s)
{
    if (!s)
        return;
    EVP_PKEY_free(s->key);
    free(s->name);
    free(s);
}

struct str
audit_signer_pem(const struct audit_signer *s, struct arena *a)
{
    char *text;
    AUTO(BIO_free_auto) BIO *b = BIO_new(BIO_s_mem());
    int rc = b ? PEM_write_bio_PrivateKey(b, s->key, NULL, NULL, 0, NULL, NULL) : 0;
    assert(rc == 1);
    long n = BIO_get_mem_data(b, &text);
    return arena_str(a, str_n(text, (size_t)n));
}

struct audit_vkey
audit_signer_vkey(const struct audit_signer *s)
{
    return s->vkey;
}

struct audit_vkey
audit_signer_witness(const struct audit_signer *s)
{
    struct audit_vkey k = s->vkey;
    k.kind = AUDIT_KEY_WITNESS;
    fill_id(&k);
    return k;
}

/* ---- keys as text ---- */

static struct str
hex_id(struct arena *a, const struct audit_vkey *k)
{
    return arena_fmt(a, "%02x%02x%02x%02x", k->id[0], k->id[1], k->id[2], k->id[3]);
}

struct str
audit_vkey_id(const struct audit_vkey *k, struct arena *a)
{
    return arena_fmt(a, "%.*s+%s", STR_ARG(k->name), hex_id(a, k).s);
}

struct str
audit_vkey_text(const struct audit_vkey *k, struct arena *a)
{
    assert(k->kind == AUDIT_KEY_LOG || k->kind == AUDIT_KEY_WITNESS);
    unsigned char typed[1 + AUDIT_KEY] = {(unsigned char)k->kind};
    memcpy(typed + 1, k->key, AUDIT_KEY);
    return arena_fmt(a, "%.*s+%s+%s", STR_ARG(k->name), hex_id(a, k).s,
                     base64_encode(a, typed, sizeof typed).s);
}

/* base64 may hold '+': the first two part the text. */
static int
parse_vkey(struct str text, enum audit_key_kind kind, struct arena *a, struct audit_vkey *ret,
           struct diag *d)
{
    struct str rest = str_trim(text), key;
    struct audit_vkey k = {.name = arena_str(a, str_cut(&rest, '+')), .kind = kind};
    struct str id = str_cut(&rest, '+');
    if (!is_name(k.name) || !base64_decode(a, rest, &key) || key.len != 1 + AUDIT_KEY ||
        key.s[0] != (char)kind)
        return diag_fail(
            d, DIAG_CONFIG,
            kind == AUDIT_KEY_LOG
                ? "not a key of the kind NAME+ID+BASE64 with an Ed25519 key"
                : "not a witness's key of the kind NAME+ID+BASE64 with an Ed25519 key");
    memcpy(k.key, key.s + 1, AUDIT_KEY);
    fill_id(&k);
    if (!str_eq(id, hex_id(a, &k)))
        return diag_fail(d, DIAG_CONFIG, "the id of the key is %s, not %.*s", hex_id(a, &k).s,
                         STR_ARG(utf8_one_line(a, utf8_cut(id, 64))));
    *ret = k;
    return 0;
}

int
audit_vkey_parse(struct str text, struct arena *a, struct audit_vkey *ret, struct diag *d)
{
    return parse_vkey(text, AUDIT_KEY_LOG, a, ret, d);
}

int
audit_vkey_parse_witness(struct str text, struct arena *a, struct audit_vkey *ret, struct diag *d)
{
    return parse_vkey(text, AUDIT_KEY_WITNESS, a, ret, d);
}

/* ---- signatures ---- */

int
audit_sign(const struct audit_signer *s, struct str bytes, unsigned char ret[AUDIT_SIGNATURE],
           struct diag *d)
{
    assert(s && s->key);
    size_t n = AUDIT_SIGNATURE;
    AUTO(EVP_MD_CTX_free_auto) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (!ctx || EVP_DigestSignInit(ctx, NULL, NULL, NULL, s->key) != 1 ||
        EVP_DigestSign(ctx, ret, &n, (const unsigned char *)bytes.s, bytes.len) != 1 ||
        n != AUDIT_SIGNATURE)
        return diag_fail(d, DIAG_INTERNAL, "OpenSSL does not sign");
    return 0;
}

bool
audit_signature_holds(const struct audit_vkey *k, struct str bytes,
                      const unsigned char sig[AUDIT_SIGNATURE])
{
    AUTO(EVP_PKEY_free_auto)
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, k->key, sizeof k->key);
    AUTO(EVP_MD_CTX_free_auto) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    return key && ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
           EVP_DigestVerify(ctx, sig, AUDIT_SIGNATURE, (const unsigned char *)bytes.s, bytes.len) ==
               1;
}

/* ---- notes ---- */

/* "— NAME BASE64(id || signature)", the line that a text is signed with. */
static int
sign_line(struct str text, const struct audit_signer *s, struct arena *a, struct str *ret,
          struct diag *d)
{
    unsigned char sig[AUDIT_KEY_ID + AUDIT_SIGNATURE];
    memcpy(sig, s->vkey.id, AUDIT_KEY_ID);
    if (audit_sign(s, text, sig + AUDIT_KEY_ID, d) != 0)
        return -1;
    *ret = arena_fmt(a, DASH "%s %s\n", s->name, base64_encode(a, sig, sizeof sig).s);
    return 0;
}

int
audit_note_sign(struct str text, const struct audit_signer *s, struct arena *a, struct str *ret,
                struct diag *d)
{
    struct str line;
    assert(str_ends(text, "\n"));
    if (sign_line(text, s, a, &line, d) != 0)
        return -1;
    *ret = arena_fmt(a, "%.*s\n%s", STR_ARG(text), line.s);
    return 0;
}

/* By the last empty line: a text may hold empty lines, lines of signatures do not. */
bool
audit_note_part(struct str note, struct str *ret_text, struct str *ret_lines)
{
    for (size_t i = note.len; i > 1; i--)
        if (note.s[i - 1] == '\n' && note.s[i - 2] == '\n') {
            *ret_text = str_n(note.s, i - 1);
            *ret_lines = str_n(note.s + i, note.len - i);
            return true;
        }
    return false;
}

bool
audit_note_line(struct str *lines, struct arena *a, struct audit_line *ret)
{
    struct str line = str_cut(lines, '\n');
    if (!str_starts(line, DASH))
        return false;
    line = str_n(line.s + sizeof DASH - 1, line.len - (sizeof DASH - 1));
    ret->name = str_cut(&line, ' ');
    return is_name(ret->name) && base64_decode(a, line, &ret->sig) && ret->sig.len > AUDIT_KEY_ID;
}

bool
audit_line_is(const struct audit_line *l, const struct audit_vkey *k)
{
    assert(l->sig.len > AUDIT_KEY_ID);
    return str_eq(l->name, k->name) && memcmp(l->sig.s, k->id, AUDIT_KEY_ID) == 0;
}

static bool
has_controls(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (iscntrl((unsigned char)s.s[i]) && s.s[i] != '\n')
            return true;
    return false;
}

static int
bad_note(struct diag *d, const char *why)
{
    return diag_fail(d, DIAG_VERIFY, "not a signed note: %s", why);
}

int
audit_note_add(struct str note, const struct audit_signer *s, struct arena *a, struct str *ret,
               struct diag *d)
{
    struct str text, lines, line;
    if (!audit_note_part(note, &text, &lines))
        return bad_note(d, "no empty line");
    if (sign_line(text, s, a, &line, d) != 0)
        return -1;
    *ret = arena_fmt(a, "%.*s%s", STR_ARG(note), line.s);
    return 0;
}

bool
audit_note_names(struct str note, const struct audit_vkey *k, struct arena *a)
{
    struct str text, lines;
    struct audit_line l;
    if (!audit_note_part(note, &text, &lines))
        return false;
    for (size_t n = 0; lines.len && n < MAX_SIGNATURES; n++)
        if (audit_note_line(&lines, a, &l) && audit_line_is(&l, k))
            return true;
    return false;
}

int
audit_note_open(struct str note, const struct audit_vkey *k, struct arena *a, struct str *ret_text,
                struct diag *d)
{
    struct str text, lines;
    struct audit_line l;
    size_t n_good = 0, n = 0;
    assert(k->kind == AUDIT_KEY_LOG);
    if (!utf8_valid(note) || has_controls(note) || !str_ends(note, "\n") ||
        !audit_note_part(note, &text, &lines))
        return bad_note(d, "text, an empty line, lines with signatures");
    for (; lines.len; n++) {
        if (n == MAX_SIGNATURES || !audit_note_line(&lines, a, &l))
            return bad_note(d, "a line of signatures is no signature, or there are too many");
        if (!audit_line_is(&l, k))
            continue;
        if (l.sig.len != AUDIT_KEY_ID + AUDIT_SIGNATURE ||
            !audit_signature_holds(k, text, (const unsigned char *)l.sig.s + AUDIT_KEY_ID))
            return diag_fail(d, DIAG_VERIFY, "the signature of %.*s does not hold",
                             STR_ARG(l.name));
        n_good++;
    }
    if (n_good == 0)
        return diag_fail(d, DIAG_VERIFY, "no signature of the key %.*s (%s)", STR_ARG(k->name),
                         hex_id(a, k).s);
    *ret_text = text;
    return 0;
}
