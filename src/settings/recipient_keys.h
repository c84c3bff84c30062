/* The options of a recipient of reports, in rows as those of settings/keys.h (which see).
 * What:   a row makes the member of struct config_recipient, the option that is read behind a target, and what is
 *         printed of it; a test holds the manual to it. There are no lists. Which kind takes which stands in recipients.c.
 * Owner:  none.
 * Units:  versions of reports.
 * Errors: none here.
 * See:    doc/man/assay.conf.5, OPTIONS OF RECIPIENTS */

CHECKED(name, "name", "", option_line_check_name) /* what definitions call it; it has none without */
TEXT(reports, "reports", "") /* definitions that go to it though they do not name it: patterns, by commas */
CHECKED(cert, "cert", "", setting_path) /* of mail: encrypted for the certificates in it that have the address */
NUMBER(keep, "keep", "0", 0, 100000) /* of a folder: so many reports of a definition stay; 0 = all */
TEXT(user, "user", "")               /* of sftp and put */
CHECKED(password_file, "password-file", "", secret_check) /* of put: the password; of sftp: the key's passphrase */
CHECKED(key_file, "key-file", "", setting_path)           /* of sftp */
TEXT(host_key, "host-key", "")                            /* of sftp: SHA256:… as ssh-keygen prints it */
TEXT(sigv4, "sigv4", "")                                  /* of put: aws:amz:REGION:s3 */
CHECKED(tls_ca, "tls-ca", "", setting_path)               /* of put; empty = the system's */

#undef TEXT
#undef CHECKED
#undef FLAG
#undef NUMBER
#undef WORD
#undef OF
