/* The key that seals reports, from the settings. */
#include "job/signer.h"

#include <assert.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/env.h"
#include "settings/secret.h"

AUTO_DEFINE(struct sign_signer *, sign_signer_free)

enum { DAY_S = 86400 };

int
signer_load(const struct config *c, struct sign_signer **ret, struct diag *d)
{
    const char *pass = NULL;
    struct str text = STR("");
    *ret = NULL;
    if (!c->sign)
        return 0;
    if (c->sign_passphrase_file.len) {
        if (secret_load(c, c->sign_passphrase_file, "sign-passphrase-file", d->arena, &text, d) != 0)
            return -1;
        pass = text.s;
    }
    int rc = c->sign_p12.len ? sign_load_p12(c->sign_p12.s, pass, ret, d)
                             : sign_load_pem(c->sign_cert.s, c->sign_key.s, pass, ret, d);
    secret_forget(&text);
    return rc == 0 ? 0 : diag_context(d, "cannot sign");
}

int64_t
signer_days_left(const struct sign_certificate *c, int64_t now)
{
    return c->not_after > now ? (c->not_after - now) / DAY_S : 0;
}

int
signer_load_to_seal(const struct config *c, struct sign_signer **ret, struct diag *d)
{
    struct sign_certificate cert;
    int64_t now = env_wall_us() / 1000000;
    AUTO(sign_signer_free_auto) struct sign_signer *s = NULL;
    *ret = NULL;
    if (signer_load(c, &s, d) != 0)
        return -1;
    if (!s)
        return 0;
    if (sign_check_validity(s, now, d) != 0)
        return diag_context(d, "cannot sign");
    sign_describe(s, d->arena, &cert);
    int64_t days = signer_days_left(&cert, now);
    if (days < SIGNER_WARN_DAYS)
        diag_warn(d, DIAG_WARN_TIME, STR("signer"),
                  "the signing certificate ends on %.*s, in %lld days: renew it",
                  STR_ARG(clock_date(d->arena, cert.not_after)), (long long)days);
    *ret = AUTO_TAKE(s);
    return 0;
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
    AUTO(sign_signer_free_auto) struct sign_signer *s = NULL;
    int64_t now = env_wall_us() / 1000000;
    assert(c->sign);
    if (signer_load(c, &s, d) != 0 || sign_check_validity(s, now, d) != 0)
        return -1;
    sign_describe(s, d->arena, &cert);
    int64_t days = signer_days_left(&cert, now);
    *ret = arena_fmt(
        a, "%.*s, valid until %.*s%s%s", STR_ARG(cert.subject),
        STR_ARG(clock_date(a, cert.not_after)),
        days < SIGNER_WARN_DAYS ? arena_fmt(a, " (in %lld days: renew it)", (long long)days).s : "",
        cert.self_signed ? ", self-signed: proves nothing about identity" : "");
    return 0;
}
