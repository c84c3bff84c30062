/* Who may report: asked for every parsed file before it is stored.
 * What:   judges each scan of a file by the settings, the list of agents, the group's password and
 *         the signature beside the file; gives agents that report under an alias their name, and
 *         leaves a frozen agent as it is. A file is accepted whole or refused whole.
 * Owner:  enrol_close frees; what goes into the scan_file lives in the given arena.
 * Units:  none.
 * Errors: enrol_open: DIAG_CONFIG and those of the store. enrol_check: DIAG_REFUSED (not from
 *         somebody who may report), or what kept the signature from being read. Never the secret.
 * See:    doc/enrolment.md */
#ifndef INTAKE_ENROL_H
#define INTAKE_ENROL_H

#include "model/scan.h"
#include "settings/config.h"
#include "store/store.h"

struct enrol;

/* Loads passwords, certificates and the list once for a run. st NULL = no database: the list is
 * that of the settings, and nobody is frozen. */
int enrol_open(const struct config *c, struct store *st, struct enrol **ret, struct diag *d);
/* Frees; NULL is allowed. */
void enrol_close(struct enrol *e);
/* Decides about a file that was read from path (its signature stands in <path>.p7s) and whose scans
 * have their agents' names and groups. 0: accepted, f->custody says how it was authenticated. -1:
 * refused. f->secret is wiped either way. No query is made. */
int enrol_check(struct enrol *e, const char *path, struct scan_file *f, struct arena *a,
                struct diag *d);
/* The same of a file that holds nothing to store: f->sender becomes the name of the agent (given: by
 * its transport, empty = none) when its files would be accepted, else it is empty. True when the agent
 * is on the list. */
bool enrol_settle_sender(struct enrol *e, const char *path, struct str given, struct scan_file *f,
                         struct arena *a);
/* What is in force, in a line: for doctor. */
struct str enrol_describe(const struct enrol *e, struct arena *a);
/* True when the settings ask anything of files at all. */
bool enrol_is_asked(const struct config *c);
/* The line of assay.conf that sets the password of a group. */
int enrol_password_line(struct str group, struct str secret, struct arena *a, struct str *ret,
                        struct diag *d);

#endif
