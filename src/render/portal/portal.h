/* The portal: what a site of files says of a fleet -> the bytes of its pages and of its data.
 * What:   one plain struct a kind of page; the job gathers them, this room writes HTML, JSON and CSV of them.
 *         Pages are readable without script and style, hold nothing from elsewhere, and lead to each other by
 *         relative addresses, so that a folder of them can stand anywhere.
 * Owner:  texts stay where they are; bytes live in the given arena.
 * Units:  times in seconds UTC; shares of counts.
 * Errors: none; the charts need the fonts (DIAG_CONFIG).
 * See:    doc/portal.md (the interface), templates/portal/ */
#ifndef RENDER_PORTAL_PORTAL_H
#define RENDER_PORTAL_PORTAL_H

#include "base/diag.h"
#include "model/report.h"
#include "model/tally.h"

enum {
    PORTAL_DAYS = 30,
    PORTAL_WEEK = 7,
    PORTAL_HISTORY_DAYS = 180,
    PORTAL_SCANS = 20,
    PORTAL_ROWS = 200 /* agents that a page has as rows */
};

/* What all pages of a site share. */
struct portal_site {
    const struct lang *lang;
    struct str organisation, tool;
    struct str group; /* whose site it is; empty = the whole fleet */
    struct str zone;  /* of the times that pages print */
    int64_t now;
    int64_t newest_scan;            /* of the site's agents; CLOCK_NONE = there is none */
    int64_t bad_below, watch_below; /* percent */
    int64_t silent_days;
    int64_t checkpoint_size; /* records below the checkpoint that the foot names; 0 = there is none */
    struct str checkpoint_root;
    int64_t audit_seq; /* newest record of the log; -1 = none */
    bool is_signed;    /* the manifest of the state is */
};

enum portal_state {
    PORTAL_GOOD,
    PORTAL_WATCH,  /* below watch_below */
    PORTAL_BAD,    /* below bad_below */
    PORTAL_SILENT, /* not heard of for silent_days */
    PORTAL_EMPTY,  /* heard of, and nothing was evaluated */
    PORTAL__COUNT
};

/* An agent as lists have it. */
struct portal_agent {
    struct str name, group, os, address;
    struct str path;            /* of its pages below the site, without a suffix: "agents/web01-0123456789abcdef" */
    struct share score, before; /* now, and PORTAL_DAYS ago; of nothing = not evaluated */
    struct tally tally;
    int64_t n_worse, n_fixed; /* checks that failed anew, or pass again, within PORTAL_DAYS */
    int64_t last_scan, last_contact; /* CLOCK_NONE = never */
    enum portal_state state;
};

/* A check of a policy, whatever its version. */
struct portal_check {
    struct str policy, policy_title; /* id, title */
    struct str id, title, category, description, rationale, remediation; /* in one of its versions */
    enum severity severity;
    struct str path;                      /* "checks/0123456789abcdef" */
    int64_t n_passed, n_failed, n_agents; /* agents where it did; that were checked */
};

struct portal_failure { /* of the check of a page */
    const struct portal_agent *agent;
    int64_t since; /* CLOCK_NONE = not known */
};

struct portal_change {
    int64_t at;
    const struct portal_agent *agent;
    const struct portal_check *check;
    enum status was, is;
};

struct portal_result {
    const struct portal_check *check;
    enum status status;
    enum severity severity;
    struct str evidence, native, waiver;
    int64_t since;
};

struct portal_scan {
    struct str policy, title, version, profile;
    int64_t end;
    struct tally tally;
};

struct portal_agent_page {
    const struct portal_agent *agent;
    VEC(struct portal_result) results; /* what is not passed first */
    VEC(struct portal_scan) scans;     /* the newest first */
    size_t n_scans;                    /* in the time of the history; more than are listed */
    VEC(struct portal_change) changes; /* likewise */
    const struct report_chart *history; /* NULL = there was nothing to draw */
};

struct portal_check_page {
    const struct portal_check *check;
    VEC(struct portal_failure) failures; /* the longest first */
};

struct portal_changes {
    const struct portal_change *v; /* the newest first, within PORTAL_DAYS */
    size_t n;
    int64_t n_worse, n_fixed;           /* of all of them */
    int64_t n_week_worse, n_week_fixed; /* within PORTAL_WEEK */
};

struct portal_drawing { /* a chart of the site, and where its pictures are */
    const struct report_chart *chart;
    struct str path; /* "charts/score" */
};

struct portal_fleet {
    const struct portal_agent *const *agents; /* the worst score first, those without one last */
    const struct portal_agent *const *by_name; /* the same */
    size_t n;
    size_t n_heard, n_silent, n_bad, n_bad_before, n_evaluated;
    const struct portal_agent *silent; /* the one that is silent for the longest; NULL = none */
    struct exact mean, mean_before;    /* of the scores */
    struct tally tally;
    const struct portal_changes *changes;
    const struct portal_drawing *drawings;
    size_t n_drawings;
};

struct portal_report { /* a version of a report */
    struct str id, definition, title, period, scope, language, version;
    int64_t created;
    bool is_good;     /* everything about it holds */
    struct str state; /* what the verification says: a sentence */
    struct str signer;
    VEC(struct str) files; /* names below path */
    struct str path;       /* "reports/<id>/v1" */
};

/* ---- pages ---- */

/* index.html: the first PORTAL_ROWS agents as rows. */
struct str portal_fleet_html(const struct portal_site *s, const struct portal_fleet *f,
                             struct arena *a);
/* fleet.js: all agents for the script of index.html. */
struct str portal_fleet_script(const struct portal_site *s, const struct portal_fleet *f,
                               struct arena *a);
/* How many pages by name lead to all agents; 0 = index.html has them all. */
size_t portal_names_pages(const struct portal_fleet *f);
/* names/1.html …, page from 0 on. */
struct str portal_names_html(const struct portal_site *s, const struct portal_fleet *f, size_t page,
                             struct arena *a);
/* agents/….html: the same bytes in every site that has the agent. */
struct str portal_agent_html(const struct portal_site *s, const struct portal_agent_page *p,
                             struct arena *a);
/* checks.html, by failures. */
struct str portal_checks_html(const struct portal_site *s, const struct portal_check *const *v,
                              size_t n, struct arena *a);
/* checks/….html. */
struct str portal_check_html(const struct portal_site *s, const struct portal_check_page *p,
                             struct arena *a);
/* changes.html; at most `most` of them, which says so. */
struct str portal_changes_html(const struct portal_site *s, const struct portal_changes *c,
                               size_t most, struct arena *a);
/* reports.html. */
struct str portal_reports_html(const struct portal_site *s, const struct portal_report *v, size_t n,
                               struct arena *a);

/* ---- data: doc/portal.md ---- */

/* fleet.json. */
struct str portal_fleet_json(const struct portal_site *s, const struct portal_fleet *f,
                             struct arena *a);
/* fleet.csv. */
struct str portal_fleet_csv(const struct portal_fleet *f, struct arena *a);
/* agents/….json: the same bytes in every site that has the agent. */
struct str portal_agent_json(const struct portal_site *s, const struct portal_agent_page *p,
                             struct arena *a);
/* checks.json. */
struct str portal_checks_json(const struct portal_site *s, const struct portal_check *const *v,
                              size_t n, struct arena *a);
/* checks/….json. */
struct str portal_check_json(const struct portal_site *s, const struct portal_check_page *p,
                             struct arena *a);
/* changes.csv: all of them. */
struct str portal_changes_csv(const struct portal_changes *c, struct arena *a);
/* changes.json. */
struct str portal_changes_json(const struct portal_site *s, const struct portal_changes *c,
                               struct arena *a);
/* reports.json. */
struct str portal_reports_json(const struct portal_site *s, const struct portal_report *v, size_t n,
                               struct arena *a);

/* ---- pictures and what all pages need ---- */

/* Finds the fonts that charts are drawn with: once, before all else. */
int portal_begin_fonts(struct diag *d);
/* A chart as a file of its own. */
int portal_chart_svg(const struct portal_site *s, const struct report_chart *ch, struct arena *a,
                     struct str *ret, struct diag *d);
/* Style and script, which are the same in every site. */
struct str portal_style(void);
/* The script. */
struct str portal_script(void);
/* A part of an address made of a name: letters, digits, '.' and '-' in lower case, 40 bytes at most, and 16
 * digits of the hash of the name, by which two names never are one. */
struct str portal_slug(struct arena *a, struct str name);

#endif
