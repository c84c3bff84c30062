/* Inside of the XCCDF and ARF reader.
 * What:   xccdf.c walks the elements; xccdf_rules.c keeps the rules of a Benchmark; xccdf_result.c
 *         makes scans of TestResults; xccdf_text.c gathers text. Not for use outside the reader.
 * Owner:  everything kept lives in the arena of the file.
 * Units:  bytes, seconds UTC.
 * Errors: -1 with the diag set; findings are warnings.
 * See:    XCCDF 1.2 (NISTIR 7275r4), ARF 1.1 (NISTIR 7694); doc/formats/xccdf.md */
#ifndef INGEST_XCCDF_H
#define INGEST_XCCDF_H

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

/* One Benchmark element. */
struct xccdf_benchmark {
    struct str id, version, title;
    xccdf_checks checks;
    struct map *index; /* rule id -> position in checks */
};

/* Text of a leaf element, mixed content flattened: br and p become line ends. */
struct xccdf_text {
    struct buf buf;
    bool cut; /* there was more than LIMIT_TEXT */
};

/* ---- xccdf_text.c ---- */

/* An empty gatherer. */
struct xccdf_text xccdf_text_init(void);
/* Adds characters. */
void xccdf_text_add(struct xccdf_text *t, struct str s);
/* An element inside the text begins. */
void xccdf_text_element(struct xccdf_text *t, struct str name);
/* The text, repaired, trimmed, blanks folded (lines kept when multi_line), cut visibly at max. */
struct str xccdf_text_take(struct xccdf_text *t, const struct xccdf_env *e, size_t max,
                           bool multi_line, const char *field);
/* The inside of <tag>…</tag> in DISA's escaped markup, or the whole when there is no such tag. */
struct str xccdf_text_disa(struct str s, const char *tag);

/* ---- xccdf_rules.c ---- */

/* Begins a rule; a second rule of the same id gets a warning and is passed over (NULL). */
struct scan_check *xccdf_rule_start(struct xccdf_benchmark *b, struct xml_attrs attrs,
                                    const struct xccdf_env *e);
/* A child element of the rule with its text. */
void xccdf_rule_child(struct scan_check *c, struct str name, struct str href, struct xccdf_text *t,
                      const struct xccdf_env *e);
/* The rule is complete: category, stable key. */
void xccdf_rule_end(struct scan_check *c, struct str group_title);
/* The part of an id that stays when the STIG is revised: SV-230221r743913_rule -> SV-230221. */
struct str xccdf_stable_key(struct arena *a, struct str id);

/* ---- xccdf_result.c ---- */

/* One TestResult in the making. */
struct xccdf_result {
    struct scan scan;
    struct map *index;        /* rule id -> position in scan.checks */
    VEC(unsigned) n_results;  /* of each check */
    bool has_end, resolved;
    struct str target, host_name, fqdn, identifier, end_text;
    size_t n_unknown;         /* results of rules that the benchmark does not have */
};

/* One rule-result in the making. */
struct xccdf_rule_result {
    struct str idref, role, severity, time, word;
    struct scan_result result;
    struct buf evidence;
    VEC(struct str) idents;
    struct str old_word, authority, remark;
};

/* Begins a TestResult. */
void xccdf_result_start(struct xccdf_result *r, struct xml_attrs attrs, struct str format,
                        const struct xccdf_env *e);
/* <benchmark>, <profile>, <fact> with their attributes and text. */
void xccdf_result_benchmark(struct xccdf_result *r, struct xml_attrs attrs, struct arena *a);
/* A fact about the target. */
void xccdf_result_fact(struct xccdf_result *r, struct str name, struct str value);
/* Joins the results with the rules of the benchmark they came from (of all of the file). */
void xccdf_result_resolve(struct xccdf_result *r, const struct xccdf_benchmark *benchmarks,
                          size_t n, const struct xccdf_env *e);
/* Adds a complete rule-result. */
int xccdf_result_add(struct xccdf_result *r, struct xccdf_rule_result *rr,
                     const struct xccdf_env *e);
/* The TestResult is complete: adds the scan to the file. */
int xccdf_result_end(struct xccdf_result *r, struct scan_file *file, const struct xccdf_env *e);

#endif
