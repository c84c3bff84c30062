/* The one escape of HTML and SVG text and attribute values.
 * What:   & < > " ' become references; invalid bytes become U+FFFD; what utf8_is_unsafe names, and
 *         the two noncharacters XML forbids, are written visibly as ⟨U+202E⟩. So what comes out is
 *         safe between tags and inside quoted attributes, and nothing is dropped.
 * Owner:  the buf is the caller's.
 * Units:  bytes.   Errors: the buf's sticky failure. */
#ifndef RENDER_ESCAPE_H
#define RENDER_ESCAPE_H

#include "base/buf.h"

/* Appends s escaped. */
void html_escape_put(struct buf *out, struct str s);
/* Appends s as the value of an id: ASCII letters, digits, - _ . and other letters as they are, all
 * else as '-'; never empty. */
void html_escape_id(struct buf *out, struct str s);

#endif
