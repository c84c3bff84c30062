/* Any bytes as a PDF: checked, sealed with a key that is always the same, and checked again. Every
 * refusal says why, nothing unknown is trusted, and what was sealed here holds. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "sign/sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A key for nothing else: EC P-256, self-signed, "CN=fuzz". */
static const char KEY[] = "-----BEGIN PRIVATE KEY-----\n"
                          "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgK1HPCQg2oS8cjcke\n"
                          "9bAkBrHdvmQIMSlT19wlc21k5hKhRANCAATmmjyHxWDDu1Oe4B+ipvvQyR3pVap0\n"
                          "egmRcUlMDX9h7NQVufYxaUDlbO52KQ+ussjzplv4jlPFSLTqCQfiHl7U\n"
                          "-----END PRIVATE KEY-----\n";
static const char CERTIFICATE[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBgjCCASigAwIBAgIURs6IKZRkbGOwMGwpHSOBirXOWUEwCgYIKoZIzj0EAwIw\n"
    "DzENMAsGA1UEAwwEZnV6ejAgFw0yNjExMjMxNTEwMDdaGA8yMTI2MTAzMDE1MTAw\n"
    "N1owDzENMAsGA1UEAwwEZnV6ejBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOaa\n"
    "PIfFYMO7U57gH6Km+9DJHelVqnR6CZFxSUwNf2Hs1BW59jFpQOVs7nYpD66yyPOm\n"
    "W/iOU8VItOoJB+IeXtSjYDBeMB0GA1UdDgQWBBRMkQtwXx5A3ocfz9jG1XNVIUfi\n"
    "MzAfBgNVHSMEGDAWgBRMkQtwXx5A3ocfz9jG1XNVIUfiMzAPBgNVHRMBAf8EBTAD\n"
    "AQH/MAsGA1UdDwQEAwIHgDAKBggqhkjOPQQDAgNIADBFAiBNi2tGd/1w7qQQ0iJf\n"
    "7Se5jwhYj7pXeH06I9cJ6ef4aAIhALoBOfiOKRlKvuRUDO1cwvGpZUc4hXI7NMYy\n"
    "qywE6zqF\n"
    "-----END CERTIFICATE-----\n";

static struct sign_signer *
load_signer(void)
{
    char dir[] = "/tmp/assay-fuzz-XXXXXX";
    struct sign_signer *s = NULL;
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    if (!mkdtemp(dir))
        abort();
    const char *key = file_join(a, dir, "key.pem").s, *cert = file_join(a, dir, "cert.pem").s;
    int rc = file_write_atomic(key, str_c(KEY), 0600, &d) ||
             file_write_atomic(cert, str_c(CERTIFICATE), 0600, &d) ||
             sign_load_pem(cert, key, NULL, &s, &d);
    unlink(key);
    unlink(cert);
    rmdir(dir);
    if (rc != 0) {
        fprintf(stderr, "no key: %s\n", diag_text(&d).s);
        abort();
    }
    arena_free(a);
    return s;
}

static bool
is_refusal(const struct diag *d)
{
    return (d->first.code == DIAG_BAD_DATA || d->first.code == DIAG_TOO_BIG) && d->first.text.len;
}

/* True when the newest signature of the file is valid. */
static bool
check(struct str pdf, struct arena *a)
{
    struct sign_verdict *v = NULL;
    size_t n = 0;
    struct diag d = diag_init(a);
    if (sign_verify_pdf(pdf, NULL, a, &v, &n, &d) != 0) {
        assert(is_refusal(&d));
        return false;
    }
    for (size_t i = 0; i < n; i++)
        assert(!v[i].trusted && v[i].reason.len);
    return n > 0 && v[n - 1].valid;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct sign_signer *signer;
    struct str sealed, pdf = str_n((const char *)data, size);
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    if (!signer)
        signer = load_signer();
    check(pdf, a);
    if (sign_pdf(signer, pdf, "seal", 1795291200, a, &sealed, &d) != 0)
        assert(is_refusal(&d));
    else if (!check(sealed, a))
        abort();
    arena_free(a);
    return 0;
}
