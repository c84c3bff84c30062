/* Inside of the XCCDF and ARF reader.
 * What:   xccdf.c walks the elements; rules.c keeps the rules of a Benchmark; result.c
 *         makes scans of TestResults; text.c gathers text. Not for use outside the reader.
 * Owner:  everything kept lives in the arena of the file.
 * Units:  bytes, seconds UTC.
 * Errors: -1 with the diag set; findings are warnings.
 * See:    XCCDF 1.2 (NISTIR 7275r4), ARF 1.1 (NISTIR 7694); doc/formats/xccdf.md */
#ifndef INGEST_READERS_XCCDF_XCCDF_H
#define INGEST_READERS_XCCDF_XCCDF_H

#include "base/buf.h"
#include "base/map.h"
#include "ingest/format.h"
#include "ingest/xml.h"

typedef VEC(struct scan_check) xccdf_checks;

/* What every part needs. */
struct xccdf_env {
    const struct ingest_context *ctx;
    struct arena *a;
    struct diag *d;
    struct map *framework_of; /* reference/@href -> struct xccdf_framework, filled as seen */
};

/* What is counted for a rule while its results come, and what results inherit from it. */
struct xccdf_tally {
    unsigned serial, n; /* n results so far in the TestResult of that serial number */
    struct str role;    /* "unscored", "unchecked" or empty */
};

/* One Benchmark element. Its scans share checks: what is in there does not change any more. */
struct xccdf_benchmark {
    struct str id, version, title;
    struct str component; /* id of the data stream's component that it is in, or empty */
    xccdf_checks checks;
    VEC(struct xccdf_tally) tallies; /* one a check */
    struct map *index;               /* rule id -> position in checks */
};

/* Text of a leaf element, mixed content flattened: br and p become line ends. */
struct xccdf_text {
    struct buf buf;
    bool cut;         /* there was more than is kept */
    unsigned n_parts; /* texts joined in the open rule */
};

/* ---- text.c ---- */

/* An empty gatherer. */
struct xccdf_text xccdf_text_init(void);
/* Adds characters. */
void xccdf_text_add(struct xccdf_text *t, struct str s);
/* An element inside the text begins or ends: blocks stand on lines of their own. */
void xccdf_text_element(struct xccdf_text *t, struct str name, bool ends);
/* <sub> stands for a value of the tailoring, which results do not carry: its name is shown. */
void xccdf_text_value(struct xccdf_text *t, struct str idref);
/* The text, repaired, trimmed, blanks folded (lines kept when multi_line), cut visibly at max. */
struct str xccdf_text_take(struct xccdf_text *t, const struct xccdf_env *e, size_t max,
                           bool multi_line, const char *field);
/* The inside of <tag>…</tag> in DISA's escaped markup, or the whole when there is no such tag. */
struct str xccdf_text_disa(struct str s, const char *tag);

/* ---- rules.c ---- */

/* Begins a rule; a second rule of the same id gets a warning and is passed over (NULL); one rule
 * too many is a failure (NULL). */
struct scan_check *xccdf_rule_start(struct xccdf_benchmark *b, struct xml_attrs attrs,
                                    const struct xccdf_env *e);
/* A child element of the rule with its text. */
void xccdf_rule_child(struct scan_check *c, struct str name, struct str href, struct xccdf_text *t,
                      const struct xccdf_env *e);
/* What rules of a group are in, "group:ID/PARENT/…" without prefixes; section is that of the group around it
 * or empty. Groups that a STIG has for each rule tell nothing and are left out. */
struct str xccdf_group_section(struct arena *a, struct str id, struct str section);
/* The rule is complete: category and stable key. titles are of the groups around it, innermost first;
 * benchmark is its id. */
void xccdf_rule_end(struct scan_check *c, const struct str *titles, size_t n, struct str benchmark,
                    const struct xccdf_env *e);
/* Adds an identifier: CCI too are controls; the URI of a CIS Control is one and no identifier.
 * Empty and repeated ones are passed over. */
void xccdf_add_ident(struct scan_check *c, struct str text, const struct xccdf_env *e);
/* True for DISA's ids of rules in a STIG, as RHEL-08-010000; versions of other rules are numbers.
 */
bool xccdf_is_stig_id(struct str s);
/* "1.1.4" of "…_rule_1.1.4_L1_Ensure_…", the recommendation of the CIS benchmark, or empty. */
struct str xccdf_recommendation(struct str id);
/* Maps a rule of CIS, known by its id, to its recommendation, which stands in a chapter of the benchmark. */
void xccdf_add_recommendation(struct scan_check *c, struct str id, struct str benchmark,
                              const struct xccdf_env *e);
/* What a recommendation is in, "cis:BENCHMARK|CHAPTER". */
struct str xccdf_chapter(struct arena *a, struct str benchmark, struct str number);
/* The part of an id that stays when the STIG is revised: SV-230221r743913_rule -> SV-230221. */
struct str xccdf_stable_key(struct arena *a, struct str id);

/* ---- result.c ---- */

/* One TestResult in the making. */
struct xccdf_result {
    struct scan scan;
    unsigned serial;                   /* 1, 2, … in the file */
    struct xccdf_benchmark *benchmark; /* whose rules scan.checks begins with, or NULL */
    size_t n_shared;                   /* that many of them; behind them rules it does not have */
    struct map *bare;                  /* id -> position in scan.checks of the latter */
    VEC(unsigned) n_bare;              /* results of each of the latter */
    bool resolved, id_is_href;
    struct str link; /* benchmark/@href without its '#' */
    struct str target, host_name, fqdn, identifier, os_name, os_version;
    size_t n_nameless; /* rule-results without an idref */
};

/* One rule-result in the making. */
struct xccdf_rule_result {
    struct str idref, role, severity, time, word;
    struct scan_result result;
    struct buf evidence;
    bool evidence_cut; /* there was more than the buffer takes */
    VEC(struct str) idents;
    struct str first_word; /* before the first override, empty = there was none */
    struct str last_word;  /* after the last one: should be word */
    bool has_authority;    /* of the last override */
    struct str waiver;
};

/* One override of a rule-result in the making. */
struct xccdf_override {
    struct str old_word, new_word, authority, remark;
};

/* Begins the TestResult of that serial number. */
void xccdf_result_start(struct xccdf_result *r, unsigned serial, struct xml_attrs attrs,
                        struct str format, const struct xccdf_env *e);
/* <benchmark> says which one. */
void xccdf_result_benchmark(struct xccdf_result *r, struct xml_attrs attrs, struct arena *a);
/* An address of the target; repeated ones are kept once. */
void xccdf_result_address(struct xccdf_result *r, struct str address, const struct xccdf_env *e);
/* A fact about the target. */
void xccdf_result_fact(struct xccdf_result *r, struct str name, struct str value,
                       const struct xccdf_env *e);
/* A score as the scanner reports it; maximum and value are texts. */
void xccdf_result_score(struct xccdf_result *r, struct str system, struct str maximum,
                        struct str value, const struct xccdf_env *e);
/* Joins the results with the rules of the benchmark they came from (of all of the file). */
void xccdf_result_resolve(struct xccdf_result *r, struct xccdf_benchmark *benchmarks, size_t n,
                          const struct xccdf_env *e);
/* Adds a complete override to the rule-result. */
void xccdf_result_override(struct xccdf_rule_result *rr, const struct xccdf_override *o,
                           const struct xccdf_env *e);
/* Adds a complete rule-result. */
int xccdf_result_add(struct xccdf_result *r, struct xccdf_rule_result *rr,
                     const struct xccdf_env *e);
/* The TestResult is complete: adds the scan to the file. */
int xccdf_result_end(struct xccdf_result *r, struct scan_file *file, const struct xccdf_env *e);

#endif
