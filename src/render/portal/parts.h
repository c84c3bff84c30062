/* What the pages of the portal share: head, foot, texts, cells.
 * What:   inside of the room only.
 * Owner:  the arena of the page; what was written grows in its buf.
 * Units:  none.   Errors: the buf's sticky failure.
 * See:    render/portal/portal.h, templates/portal/ */
#ifndef RENDER_PORTAL_PARTS_H
#define RENDER_PORTAL_PARTS_H

#include "base/buf.h"
#include "render/portal/portal.h"

/* What the head of a page says beside its name. A page that says less is the same for longer. */
enum portal_head {
    HEAD_PLAIN, /* nothing: it may stand in several sites */
    HEAD_WHOSE, /* whose the site is */
    HEAD_DATA,  /* and of when the newest scan is */
    HEAD_NOW /* and when the site was made, of which state of the log; this page has the script */
};

struct portal_page {
    const struct portal_site *site;
    struct arena *a;
    struct buf *out;
    const char *up; /* leads to the folder of the site: "" or "../" */
    enum portal_head head;
};

/* The pages that the head leads to, in its order. */
enum portal_tab { TAB_FLEET, TAB_CHECKS, TAB_CHANGES, TAB_REPORTS, TAB__COUNT };

/* Literal markup. */
void portal_raw(const struct portal_page *p, const char *markup);
/* A text, escaped. */
void portal_text(const struct portal_page *p, struct str text);
/* A name: what does not show in it is made visible. */
void portal_name(const struct portal_page *p, struct str name);

struct portal_fact { /* what a page is about: the name of a text, and a value from outside */
    const char *key;
    struct str value; /* empty = it is left out */
};

/* A list of them, at the head of a page. */
void portal_facts(const struct portal_page *p, const struct portal_fact *v, size_t n);
/* <tag class>text</tag>; cls NULL = none. */
void portal_element(const struct portal_page *p, const char *tag, const char *cls, struct str text);
/* name="value" with a blank in front. */
void portal_attr(const struct portal_page *p, const char *name, struct str value);
/* A link to a path below the site. */
void portal_link(const struct portal_page *p, struct str path, const char *suffix, struct str text);
/* A text of the language. */
struct str portal_lang(const struct portal_page *p, const char *key);
/* The same as an element. */
void portal_say(const struct portal_page *p, const char *tag, const char *cls, const char *key);
/* A time to the minute, a day, in the zone of the site; "–" for none. */
struct str portal_minute(const struct portal_page *p, int64_t t);
/* A day. */
struct str portal_day(const struct portal_page *p, int64_t t);
/* A number with the separators of the language. */
struct str portal_int(const struct portal_page *p, int64_t n);
/* A score: "46.1 %", or that nothing was evaluated. */
struct str portal_score(const struct portal_page *p, struct share s);
/* The difference of two scores with its sign, "–" when one of them is none; *ret_class: how it looks, NULL = as
 * text. */
struct str portal_change(const struct portal_page *p, struct share now, struct share before,
                         const char **ret_class);
/* The same as an element. */
void portal_put_change(const struct portal_page *p, struct share now, struct share before);
/* "✗ below 50 %". */
struct str portal_state_text(const struct portal_page *p, const struct portal_agent *g);
/* The sign and word of a status, in its colour. */
void portal_put_status(const struct portal_page *p, enum status s);
/* The whole days since a time. */
int64_t portal_days_since(const struct portal_site *s, int64_t t);
/* <!doctype> … <main>; title: the heading, tab -1 = a page below none of them. */
void portal_begin(const struct portal_page *p, int tab, struct str title);
/* </main>, the foot, and the end; data: path of its JSON without a suffix, with_csv: and of its CSV. */
struct str portal_end(const struct portal_page *p, struct str data, bool with_csv);
/* <table> with a caption, and its head: keys of the columns, n of them; classes may be NULL. */
void portal_table(const struct portal_page *p, const char *cls, const char *caption,
                  const char *const *keys, const char *const *classes, size_t n);
/* Share as a bar. */
void portal_bar(const struct portal_page *p, struct share s);
/* The first agents as rows, what the script turns pages with, and what leads to all of them without it. */
void portal_put_agents(const struct portal_page *p, const struct portal_fleet *f);
/* A drawing in the page. */
void portal_chart(const struct portal_page *p, const struct report_chart *ch, const char *id);
/* Word of a state in data: "good" … */
const char *portal_state_word(enum portal_state s);
/* The score as data: hundredths of a percent; -1 = not evaluated. */
int64_t portal_score_units(struct share s);

#endif
