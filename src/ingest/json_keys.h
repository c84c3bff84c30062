/* Which members the beginning of a JSON text has, with their depth: what readers tell formats by.
 * What:   names as lines "depth:name", each once; the members of a document have depth 1. The same bytes
 *         are looked at as a document, as a list of documents and as records with a _source (the answer of
 *         a search). What an HDF file passes through from its source (member passthrough) is not looked
 *         at: it can be the result of any other scanner. A member "error" that says nothing (null, false,
 *         0, empty) is none.
 * Owner:  texts live in the given arena.
 * Units:  depth from 1; at most JSON_KEYS_DEPTH.
 * Errors: none: text that is no JSON has the keys that it seems to have.
 * See:    doc/formats/detection.md */
#ifndef INGEST_JSON_KEYS_H
#define INGEST_JSON_KEYS_H

#include "base/arena.h"

enum { JSON_KEYS_DEPTH = 5, JSON_KEYS_BYTES = 1 << 20 };

struct json_keys {
    struct str document; /* "1:profiles\n2:controls\n…" */
    struct str source;   /* the same of what stands in members _source, wherever they are */
    bool is_list;        /* the text begins with '[' */
    bool is_lines;       /* a newline stands between two documents */
};

/* Looks at the bytes. */
struct json_keys json_keys_of(struct str bytes, struct arena *a);
/* The same keys with another depth: by -1 those of a list's elements, by 1 those of the element of a list
 * that is not there. What falls below depth 1 is left out. */
struct str json_keys_shift(struct str keys, int by, struct arena *a);
/* True when "depth:name" is a line of keys. */
bool json_keys_has(struct str keys, const char *key);
/* True when s begins like a JSON document: a bracket, and behind it what may stand there. */
bool json_keys_begins(struct str s);

#endif
