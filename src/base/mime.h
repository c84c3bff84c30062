/* Words of mail: headers, parameters and bodies as they travel (MIME).
 * What:   every function appends ASCII lines that end with CRLF and are at most 78 bytes long, whatever text
 *         it is given: a line break in a title becomes a space, so that nobody adds a header of his own.
 *         What is not ASCII is written as RFC 2047 (headers) and RFC 2231 (names of files) say.
 * Owner:  texts live in the given arena or buffer.
 * Units:  bytes; seconds since 1970 UTC.
 * Errors: the buffer's sticky failure.
 * See:    RFC 5322, 2045, 2047, 2231 */
#ifndef BASE_MIME_H
#define BASE_MIME_H

#include "base/buf.h"

/* A header with a text for people, such as Subject, folded. */
void mime_put_text(struct buf *out, const char *name, struct str text);
/* "Name <address>" of a header, folded; name may be empty. The address is one that mime_is_address() passes. */
void mime_put_mailbox(struct buf *out, const char *header, struct str name, struct str address);
/* Goes on with a header: ";", CRLF, a blank and NAME=VALUE, for names of files and boundaries. */
void mime_put_parameter(struct buf *out, const char *name, struct str value);
/* Text as quoted-printable; line ends of any kind become CRLF. */
void mime_put_quoted(struct buf *out, struct str text);
/* Bytes as base64 in lines of 76. */
void mime_put_base64(struct buf *out, struct str bytes);
/* "Tue, 01 Dec 2026 05:10:01 +0000". */
struct str mime_date(struct arena *a, int64_t t);
/* A boundary that stands in none of the parts: the hash of what they are made of. No line of base64 or
 * quoted-printable begins with it. */
struct str mime_boundary(struct arena *a, const char *role, struct str seed);
/* Whether text is one plain address, LOCAL@DOMAIN in ASCII without quotes or blanks. */
bool mime_is_address(struct str text);

#endif
