/* The options of a recipient of reports, in rows as those of settings/keys.h (which see).
 * What:   a row makes the member of struct config_recipient, the option that is read behind a target, and what is
 *         printed of it; a test holds the manual to it. There are no lists. Which kind takes which stands in recipients.c.
 * Owner:  none.
 * Units:  versions.
 * Errors: none here.
 * See:    doc/man/assay.conf.5, OPTIONS OF RECIPIENTS */

CHECKED(name, "name", "", option_line_check_name) /* what definitions call it; it has none without */
TEXT(reports, "reports", "") /* definitions that go to it though they do not name it: patterns, by commas */
CHECKED(cert, "cert", "", setting_path) /* of mail: encrypted for the certificates in it that have the address */

#undef TEXT
#undef CHECKED
#undef FLAG
#undef NUMBER
#undef WORD
#undef OF
