/* Recipients of reports: lines of assay.conf, and which of them a definition goes to.
 * What:   "recipient = KIND:TARGET name=NAME [OPTION=VALUE]…". A definition names those that it goes to, or the line
 *         names the definition (reports=), which is the way for those that come with the program.
 * Owner:  the given arena.
 * Units:  none.
 * Errors: DIAG_CONFIG.
 * See:    doc/man/assay.conf.5, RECIPIENTS; doc/mail.md */
#ifndef SETTINGS_RECIPIENTS_H
#define SETTINGS_RECIPIENTS_H

#include "model/definition.h"
#include "settings/config.h"

extern const struct setting_list list_recipients;

/* The rows of the options. */
const struct setting *recipient_rows(size_t *ret_n);
/* The recipient of that name; NULL = there is none. */
const struct config_recipient *recipient_find(const struct config *c, struct str name);
/* Whether the reports of a definition go to it. */
bool recipient_wants(const struct config_recipient *r, const struct definition *def);
/* Fails when the definition names a recipient that the settings do not have. */
int recipient_check(const struct config *c, const struct definition *def, struct diag *d);
/* The check of mail-server: smtp:// or smtps:// and a host, or empty. */
int recipient_check_server(struct str value, struct diag *d);
/* The check of mail-from: what recipient_part_mailbox() takes, or empty. */
int recipient_check_from(struct str value, struct diag *d);
/* The check of mail-link: an address over HTTPS without a login, or empty. */
int recipient_check_link(struct str value, struct diag *d);
/* Parts "Name <address>" or "address". False when there is no plain address in it. */
bool recipient_part_mailbox(struct str value, struct str *ret_name, struct str *ret_address);

#endif
