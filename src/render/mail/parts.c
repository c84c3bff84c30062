/* What the text and the page of a mail say in the same words. Below mail.c and page.c. */
#include "render/mail/parts.h"

struct str
mail_reference(const struct mail_job *j)
{
    const struct report *r = j->report;
    return LANG(r->lang, j->arena, "mail.report", {"subtitle", r->subtitle}, {"id", r->id},
                {"version", r->version});
}

struct str
mail_owner(const struct mail_job *j)
{
    const struct report *r = j->report;
    return arena_fmt(j->arena, "%.*s%s%.*s", STR_ARG(r->organisation),
                     r->organisation.len && r->classification.len ? " · " : "",
                     STR_ARG(r->classification));
}
