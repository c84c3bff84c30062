/* A report as a mail: subject and body, as all receivers get them.
 * What:   one file "<stem>.eml" with Subject, what stands in its place while it is encrypted, and a body in two forms, text and HTML with one chart as PNG:
 *         the first sentence, key figures, what got worse, who is missing, and which file the report is, with its
 *         seal and hash. Who it is from, to whom it goes, the report itself, a signature and encryption are
 *         put around it when it is sent (job/letter.h).
 * Owner:  the file lives in the arena.
 * Units:  bytes.
 * Errors: those of render/render.h.
 * See:    doc/mail.md, base/mime.h */
#ifndef RENDER_MAIL_MAIL_H
#define RENDER_MAIL_MAIL_H

#include "render/render.h"

/* The media type of the file: only one has it in a run for each report. */
#define MAIL_MEDIA_TYPE "message/rfc822"

/* Headers of the file that stay out of what is sent: the prefix of the Subject that everybody may read, for a mail that is
 * encrypted, and names of files to be attached, as segments of an address. Behind MAIL_HEAD_END comes the body. */
#define MAIL_OUTER "X-Assay-Outer-"
#define MAIL_ATTACH "X-Assay-Attach"
#define MAIL_HEAD_END "MIME-Version: 1.0\r\n"

struct mail_options {
    const struct render_options *render;
    const struct render_file *papers; /* the report itself, sealed: what is attached or pointed at */
    size_t n_papers;
    bool is_attached;
    struct str link;      /* address of their folder, when they are not attached; empty = none */
    struct str dir, host; /* where they are kept */
};

/* Appends it to ret. */
int mail_render(const struct report *r, const struct mail_options *o, struct arena *a,
                struct render_files *ret, struct diag *d);

#endif
