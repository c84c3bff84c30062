/* Bytes of one file -> scans. The door of the room.
 * What:   opens a file (or takes bytes), unpacks gzip, bzip2 or xz (one level, with a ratio limit),
 *         makes UTF-8 of it, detects the format by content, takes documents out of what is around them
 *         and lets the surest reader parse each. Never stores.
 * Owner:  the scans and all their texts live in the given arena.
 * Units:  see model/scan.h; limits in ingest/limits.h.
 * Errors: DIAG_IO, DIAG_FORMAT_UNKNOWN, DIAG_BAD_DATA, DIAG_TRUNCATED, DIAG_TOO_BIG; the place is
 *         file:line:column or file:element. Findings become warnings of the same diag.
 * See:    doc/formats/ */
#ifndef INGEST_INGEST_H
#define INGEST_INGEST_H

#include "base/diag.h"
#include "model/scan.h"

/* What the transport knows about a file. */
struct ingest_context {
    const char *path;              /* for messages and for scan_file.path */
    int64_t mtime;                 /* time of the file: used when it holds no time of its own */
    int zone_offset_s;             /* the site's zone, for times that name none */
    struct str asset_name;         /* given by the transport; empty = the file must say */
    bool suggestion_informational; /* Lynis: suggestions do not count as failures */
    struct str
        fallback_encoding; /* of XML that names none, or UTF-8, and is not, and of JSON that is not
                                     UTF-8; empty = XML is refused, JSON repaired */
};

/* Parses the file at ctx->path ("-" = standard input). All or nothing: on -1 *ret is untouched. */
int ingest_file(const struct ingest_context *ctx, struct arena *a, struct scan_file *ret,
                struct diag *d);
/* Opens the regular file at path ("-" = standard input) for reading, never waiting; the descriptor,
 * or -1 with DIAG_IO. */
int ingest_open(const char *path, struct diag *d);
/* ingest_file() of what is open at fd; ctx->path serves for messages. */
int ingest_fd(const struct ingest_context *ctx, int fd, struct arena *a, struct scan_file *ret,
              struct diag *d);
/* The same for bytes in memory (tests, fuzzing). */
int ingest_bytes(const struct ingest_context *ctx, struct str bytes, struct arena *a,
                 struct scan_file *ret, struct diag *d);

#endif
