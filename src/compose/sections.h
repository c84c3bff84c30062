/* The section builders, one a row of sections.c: each fills one section of the report.
 * What:   called by compose.c with a part whose filter is settled; the section has its title.
 * Owner:  the part's arena.   Units: see model/report.h.
 * Errors: none; a section without data says so in words.   See: doc/reports/ */
#ifndef COMPOSE_SECTIONS_H
#define COMPOSE_SECTIONS_H

#include "compose/part.h"
#include "engine/changes.h"

/* Totals, average by group, time line, most frequent failures, categories, agents, bands. */
void dashboard_build(struct part *p);
/* Top-N agents with the worst score. */
void top_agents_build(struct part *p);
/* Top-N most frequent failed checks. */
void top_checks_build(struct part *p);
/* Top-N failed checks by category. */
void top_categories_build(struct part *p);
/* Vulnerabilities by category: a pie beside its numbers. */
void category_pie_build(struct part *p);
/* The checks of each agent. */
void checks_build(struct part *p);
/* The newest score of each agent. */
void scoring_build(struct part *p);
/* Mean passed and failed checks day by day. */
void evolution_build(struct part *p);
/* Who was assessed and who was not. */
void scope_build(struct part *p);
/* How the numbers are made. */
void method_build(struct part *p);
/* Findings about the inputs. */
void quality_build(struct part *p);
/* Files received. */
void inputs_build(struct part *p);
/* How to verify the report. */
void verify_build(struct part *p);
/* Terms. */
void glossary_build(struct part *p);

/* ---- pieces that sections share ---- */

/* The table of the most frequent failures; n 0 = all. */
void top_checks_add(struct part *p, const char *key, size_t n, bool with_description);
/* Categories with passed, failed, skipped where wanted, bar, percentage and a total row. */
void top_categories_add_summary(struct part *p, const char *key);
/* The chart of mean passed and failed checks with its heading; the table too when asked for. */
void evolution_add(struct part *p, bool with_table);
/* Score bands: chart beside table. */
void bands_add(struct part *p);
/* Failures of the period before, what changed, failures now; there is a period before. */
void changes_add(struct part *p);
/* Average score by group. */
void groups_add(struct part *p);

#endif
