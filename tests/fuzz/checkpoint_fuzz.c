/* Any bytes as a key, a checkpoint and a proof: no crash; what is read is written back the same, and
 * nothing verifies that its key did not sign. */
#include <assert.h>
#include <stdint.h>

#include "audit/cosign.h"
#include "audit/keys.h"
#include "base/base64.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Its private half is not here. */
#define WITNESS "witness.example/w1+cc9a7044+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define VKEY    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

static void
check_cosign(struct str bytes, struct arena *a)
{
    struct diag d = diag_init(a);
    struct audit_vkey w;
    struct audit_request r;
    int64_t at;
    int rc = audit_vkey_parse_witness(STR(WITNESS), a, &w, &d);
    assert(rc == 0);
    rc = audit_cosigned(bytes, &w, a, &at, &d);
    assert(rc != 1);
    if (audit_request_read(bytes, a, &r, &d) == 0)
        assert(str_eq(audit_request_text(&r, a), bytes));
    struct str alone = audit_note_alone(bytes, a);
    assert(str_eq(audit_note_alone(alone, a), alone));
}

/* A list that was read is written so that it is read as the same. */
static void
check_keys(struct str bytes, struct arena *a)
{
    struct diag d = diag_init(a);
    struct audit_keys k, again;
    struct audit_checkpoint c;
    if (audit_keys_parse(bytes, a, &k, &d) != 0)
        return;
    struct str text = audit_keys_text(&k, a);
    int rc = audit_keys_parse(text, a, &again, &d);
    assert(rc == 0 && again.v.n == k.v.n && str_eq(audit_keys_text(&again, a), text));
    for (size_t i = 0; i < k.v.n; i++)
        assert(k.v.v[i].first >= 0 && k.v.v[i].first <= k.v.v[i].last);
    rc = audit_keys_open(&k, bytes, a, &c, NULL, &d);
    assert(rc != 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct str bytes = str_n((const char *)data, size), out;
    struct audit_vkey mine, k;
    struct audit_checkpoint c;
    struct audit_proven p;
    int rc = audit_vkey_parse(STR(VKEY), a, &mine, &d);
    assert(rc == 0);
    if (audit_vkey_parse(bytes, a, &k, &d) == 0)
        assert(str_eq(audit_vkey_text(&k, a), str_trim(bytes)));
    if (audit_checkpoint_read(bytes, a, &c, &d) == 0)
        assert(c.size >= 0 && c.origin.len);
    if (base64_decode(a, bytes, &out))
        assert(str_eq(base64_encode(a, out.s, out.len), bytes));
    rc = audit_checkpoint_open(bytes, &mine, a, &c, &d);
    assert(rc != 0);
    rc = audit_proof_check(bytes, &mine, a, &p, &d);
    assert(rc != 0);
    check_cosign(bytes, a);
    check_keys(bytes, a);
    arena_free(a);
    return 0;
}
