/* The digest over what a signature covers; verify_cms.c and verify_stamp.c compare it. */
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sign/inner.h"

enum { DIGEST_STEP = 1 << 20 };

/* A piece that is a mapped file leaves memory behind the digest: a report of a gigabyte is verified in
 * a few megabytes. */
static bool
digest_piece(EVP_MD_CTX *ctx, struct str piece, bool is_mapped)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    for (size_t at = 0; at < piece.len; at += DIGEST_STEP) {
        size_t n = piece.len - at < DIGEST_STEP ? piece.len - at : DIGEST_STEP;
        if (!EVP_DigestUpdate(ctx, piece.s + at, n))
            return false;
        uintptr_t from = ((uintptr_t)piece.s + at) / page * page;
        if (is_mapped)
            madvise((void *)from, (uintptr_t)piece.s + at + n - from, MADV_DONTNEED);
    }
    return true;
}

bool
sign_digest_pieces(const EVP_MD *md, const struct sign_pieces *pieces, unsigned char *ret,
                   unsigned *ret_n)
{
    AUTO(EVP_MD_CTX_free_auto) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    return ctx && md && EVP_DigestInit_ex(ctx, md, NULL) &&
           digest_piece(ctx, pieces->v[0], pieces->is_mapped) &&
           digest_piece(ctx, pieces->v[1], pieces->is_mapped) &&
           EVP_DigestFinal_ex(ctx, ret, ret_n);
}
