/* A report as one message to one address: headers, the body that render/mail made, the report attached, S/MIME around it.
 * What:   signed with the certificate of mail, or with the one that seals reports; encrypted where the recipient has a
 *         certificate: then its Subject is inside, and one that tells nothing outside. The Message-ID follows from what goes where, so that a message that comes twice is seen to be one.
 * Owner:  the given arena; the signer is the caller's.
 * Units:  bytes.
 * Errors: DIAG_CONFIG (settings of mail, keys, certificates), DIAG_BAD_DATA: the report has no mail.
 * See:    doc/mail.md, RFC 9788, render/mail/mail.h, sign/smime.h */
#ifndef JOB_MAILING_H
#define JOB_MAILING_H

#include "job/parcel.h"
#include "settings/config.h"
#include "sign/sign.h"

struct mailing {
    const struct config *config;
    const struct config_recipient *to;
    const struct sign_signer *signer; /* NULL = it is not signed */
    struct str address, id;           /* the latter without < and > */
    const struct parcel *parcel;
};

/* The key that signs mail, by the settings; NULL when mail is not signed. */
int mailing_load_signer(const struct config *c, struct sign_signer **ret, struct diag *d);
/* The Message-ID of what goes there, without < and >. */
struct str mailing_id(const struct config *c, const struct store_outgoing *o, struct arena *a);
/* Writes the message. */
int mailing_write(const struct mailing *m, struct arena *a, struct str *ret, struct diag *d);

#endif
