/* Files built into the program: sql/ and templates/, so that the binary works from anywhere.
 * What:   the build turns every file below those folders into bytes (cmake/embed.cmake). Templates
 *         can be overlaid at run time by a folder (option --templates); SQL cannot.
 * Owner:  static.   Units: bytes.   Errors: NULL = no such file. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include "base/str.h"

struct embed_file {
    const char *name; /* path below the project root, e.g. "sql/schema/001-base.sql" */
    const char *data; /* NUL-terminated */
    size_t len;
};

/* All files, sorted by name, ended by name == NULL (generated). */
extern const struct embed_file embed_files[];

/* The file of that name, or NULL. */
const struct embed_file *embed_find(const char *name);
/* The next file whose name starts with prefix, after prev (NULL = first); NULL = no more. */
const struct embed_file *embed_next(const char *prefix, const struct embed_file *prev);

#endif
