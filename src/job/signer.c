/* The key that seals reports, from the settings. */
#include "job/signer.h"

#include <assert.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"

AUTO_DEFINE(struct sign_signer *, sign_signer_free)

enum { MAX_PASSPHRASE = 4096 };

int
signer_load(const struct config *c, struct sign_signer **ret, struct diag *d)
{
    const char *pass = NULL;
    struct str text;
    *ret = NULL;
    if (!c->sign)
        return 0;
    if (c->sign_passphrase_file.len) {
        if (file_slurp(c->sign_passphrase_file.s, MAX_PASSPHRASE, d->arena, &text, d) != 0)
            return diag_context(d, "sign-passphrase-file");
        pass = arena_str(d->arena, str_cut(&text, '\n')).s;
    }
    int rc = c->sign_p12.len ? sign_load_p12(c->sign_p12.s, pass, ret, d)
                             : sign_load_pem(c->sign_cert.s, c->sign_key.s, pass, ret, d);
    return rc == 0 ? 0 : diag_context(d, "cannot sign");
}

int
signer_describe(const struct config *c, struct sign_certificate *ret, struct diag *d)
{
    assert(c->sign);
    AUTO(sign_signer_free_auto) struct sign_signer *signer = NULL;
    if (signer_load(c, &signer, d) != 0)
        return -1;
    sign_describe(signer, d->arena, ret);
    return 0;
}

int
signer_text(const struct config *c, struct arena *a, struct str *ret, struct diag *d)
{
    struct sign_certificate cert;
    if (signer_describe(c, &cert, d) != 0)
        return -1;
    *ret = arena_fmt(a, "%.*s, valid until %.*s%s", STR_ARG(cert.subject),
                     STR_ARG(clock_date(a, cert.not_after)),
                     cert.self_signed ? ", self-signed: proves nothing about identity" : "");
    return 0;
}
