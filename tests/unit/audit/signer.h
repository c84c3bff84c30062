/* A key of a log for a test. */
#ifndef TESTS_AUDIT_SIGNER_H
#define TESTS_AUDIT_SIGNER_H

#include "audit/checkpoint.h"
#include "check.h"

/* A new key of that name, or NULL and a failed check; audit_signer_free frees it. */
static inline struct audit_signer *
make_signer(const char *name)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct audit_signer *s = NULL;
    CHECK(audit_signer_make(str_c(name), &s, &d) == 0);
    arena_free(a);
    return s;
}

#endif
