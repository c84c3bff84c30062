/* The steps that look for a category, and the tables they ask. Inside of the room.
 * What:   category.c asks the steps in turn; each looks at one side of the check. index.c makes the tables
 *         ready to be asked, once.
 * Owner:  sources that are no constants live in the given arena; the index belongs to index.c.
 * Units:  numbers of CIS Controls v8, 1 to 18.
 * Errors: none. */
#ifndef INGEST_CATEGORY_STEPS_H
#define INGEST_CATEGORY_STEPS_H

#include "base/map.h"
#include "base/vec.h"
#include "model/scan.h"

enum { CATEGORY_CONTROLS = 18 };

struct category_answer {
    int number; /* 0 = this step knows nothing */
    struct str source;
};

/* A step: what one side of a check says. */
typedef struct category_answer category_step(struct arena *a, const struct scan_check *c);
/* The name of the rule, category-rules.tsv. */
category_step category_by_rule;
/* The nearest enclosing group of its content, category-groups.tsv. */
category_step category_by_group;
/* Test id, section or service, category-sections.tsv. */
category_step category_by_section;
/* NIST SP 800-53 controls, also through CCIs, of a check that has 1 to 4 CCIs and not only general controls. */
category_step category_by_control;
/* CIS's mapping to versions 6 and 7 when it is one control of version 8. */
category_step category_by_old_cis;
/* NIST SP 800-53 controls, however general. */
category_step category_by_general;

/* The controls that one framework names for a check. */
struct category_set {
    bool has[CATEGORY_CONTROLS + 1];
    int first, n; /* the first named, and how many different ones */
};

/* Those of CIS Controls v8 and 8.1. */
struct category_set category_cis(const struct scan_check *c);
/* Those of versions 6 and 7, carried over to version 8 by number. */
struct category_set category_old_cis(const struct scan_check *c);
/* The control whose words the title has; source is "title:WORDS". */
struct category_answer category_title_words(struct arena *a, struct str title);
/* A title in lower case as its words are compared: blanks as one, "log on" and the like as one word, without what
 * it is set to. */
struct str category_fold(struct arena *a, struct str title);
/* The control of a chapter of a CIS benchmark that counts before ('a') or after ('d') the title. */
struct category_answer category_chapter(struct arena *a, struct str section, char mode);

/* ---- the tables ---- */

/* A row of category-sections.tsv. */
struct category_key {
    struct str key;
    int number;
    char mode;
};

/* All rows of one scheme, in their order. */
struct category_scheme {
    struct str name;
    VEC(struct category_key) rows;
    struct map *by_key; /* key -> position of its first row */
};

struct category_control {
    int number, rank;
};

/* Words or a phrase of category-titles.tsv. */
struct category_phrase {
    struct str text; /* in lower case */
    bool is_open;    /* any ending */
    int row, number;
};

enum { PHRASE_BUCKETS = 1024, MAX_CCI = 99999 };

struct category_index {
    VEC(struct category_key) rules; /* globs */
    struct map *groups;             /* id, or "parent/id" -> number */
    VEC(struct category_scheme *) schemes;
    struct map *controls;   /* of SP 800-53 -> struct category_control */
    const struct str **cci; /* number of a CCI -> its SP 800-53 control, or NULL */
    size_t n_cci;
    VEC(struct category_phrase) phrases[PHRASE_BUCKETS];
    char tables[13];
};

/* The tables, made ready anew when others were loaded. */
const struct category_index *category_index(void);
/* The scheme of that name, or NULL. */
const struct category_scheme *category_scheme(struct str name);
/* Whether a byte belongs to a word of a title. */
bool category_is_word(char c);
/* Which list holds the phrases that begin with the two characters. */
size_t category_bucket(char one, char two);

#endif
