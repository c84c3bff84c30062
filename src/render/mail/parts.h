/* Inside of render/mail: what text and HTML of a mail are both made of.
 * What:   not for use outside src/render/mail.
 * Owner:  the arena of the mail.   Units: bytes.   Errors: none. */
#ifndef RENDER_MAIL_PARTS_H
#define RENDER_MAIL_PARTS_H

#include "base/buf.h"
#include "render/mail/mail.h"

/* Id of the picture, which the page points at. */
#define MAIL_CHART_ID "chart@assay"

struct mail_job {
    const struct report *report;
    const struct mail_options *options;
    struct arena *arena;
    const struct report_block *figures; /* NULL = there are none */
    const struct report_chart *chart;   /* likewise */
    struct str *papers;                 /* what is said of each, lines; n_papers of them */
};

/* "Hardening …: all groups · October 2026 · id, version 1". */
struct str mail_reference(const struct mail_job *j);
/* "Example Ltd · Internal"; empty when nobody said. */
struct str mail_owner(const struct mail_job *j);
/* The HTML. */
void mail_put_page(const struct mail_job *j, struct buf *out);

#endif
