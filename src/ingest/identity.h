/* Whose a scan is: what counts as the name of a host, and in which order it is looked for.
 * What:   readers hand over what a file says of its host, best first; the first that names one is
 *         the agent. What names none (a CPE, a URL, "localhost", a product; the table
 *         templates/mappings/no-names.tsv) is passed over with a finding and remembered, so that a
 *         refusal can say what stood there. The name that the transport gives is for files that
 *         name nobody.
 * Owner:  texts live in the given arena, which is that of the file.
 * Units:  bytes.
 * Errors: DIAG_BAD_DATA: scans of several hosts, or of one among others, that nothing names.
 * See:    doc/identity.md */
#ifndef INGEST_IDENTITY_H
#define INGEST_IDENTITY_H

#include "ingest/ingest.h"

/* What name is, when it names no host ("a platform (CPE), …"); empty when it names one. An empty
 * name is none, too. */
struct str identity_why_none(struct str name);
/* Names the asset: the first of n names, best first, that names a host; else ctx->asset_name, when
 * that is set. An alias that names no host is dropped. May be called again with names that were
 * found later, as long as the file has named nobody. */
void identity_take(const struct ingest_context *ctx, struct scan_asset *as, const struct str *names,
                   size_t n, struct arena *a, struct diag *d);
/* Names an asset that the file does not name by the first of its addresses that is one host's
 * alone: IP addresses in their shortest form before MACs. For scanners that know their targets by
 * address; an agent that reports of itself often has the address that all its neighbours have. */
void identity_take_address(struct scan_asset *as, struct arena *a);
/* Remembers a mark of a host that is no name (an agent's number), by which two hosts without names
 * are told apart. */
void identity_note(struct scan_asset *as, struct str mark, struct arena *a);
/* Judges the scans of a whole file: fails when several hosts are not named, or one beside others
 * that are; finds out when the transport's name is not that of the file. */
int identity_settle(const struct ingest_context *ctx, const struct scan_file *f, struct diag *d);
/* Fails with what to do, and with what stood where a name should; always -1. */
int identity_refuse(const struct scan_asset *as, struct diag *d);

#endif
