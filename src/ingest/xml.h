/* XML of hosts, pushed in chunks: libxml2's SAX2 behind three callbacks.
 * What:   no network, no DTD (a DOCTYPE stops at once), no entities but the five of XML, limits on
 *         depth and attributes, trailing content refused. Namespace trouble (an unbound prefix) is
 *         no failure: the URI is empty then.
 * Owner:  xml_free releases; names and attributes are valid during the callback only.
 * Units:  bytes; line and column from 1.
 * Errors: DIAG_BAD_DATA, DIAG_TRUNCATED, DIAG_TOO_BIG with "path:line:column" as place; -1 of a
 *         callback stops.
 * See:    doc/formats/limits.md */
#ifndef INGEST_XML_H
#define INGEST_XML_H

#include "base/diag.h"

struct xml;

struct xml_attr {
    struct str name, ns; /* local name, namespace URI (mostly empty) */
    struct str value;    /* decoded UTF-8 */
};

struct xml_attrs {
    const struct xml_attr *v;
    size_t n;
};

struct xml_handlers {
    int (*start)(void *self, struct str ns, struct str name, struct xml_attrs attrs);
    int (*end)(void *self, struct str ns, struct str name);
    int (*text)(void *self, struct str text); /* in pieces; also CDATA */
};

/* A parser that calls h with self. path is for messages. */
struct xml *xml_new(const struct xml_handlers *h, void *self, const char *path, struct diag *d);
/* Frees; NULL is allowed. */
void xml_free(struct xml *x);
/* Takes the next chunk. */
int xml_push(struct xml *x, struct str chunk);
/* The input ended: it must have been one whole document. */
int xml_end(struct xml *x);
/* Before the first push: no message names elements, for documents that may be of no known format. */
void xml_hide_names(struct xml *x);
/* Called in start(): neither the content nor the end of this element is reported. */
void xml_skip(struct xml *x);
/* The attribute without namespace of that name, or empty. */
struct str xml_attr(struct xml_attrs attrs, const char *name);

#endif
