/* Numbers, names and dates as words of a sentence, in the reader's language.
 * What:   what goes into sentences only; table cells stay typed and are written by the renderers.
 *         Names from hosts are made visible (no controls, one line) and long ones are cut with an
 *         ellipsis here; the tables carry them whole.
 * Owner:  the arena.
 * Units:  percent 0..100; seconds UTC, dates in the process's zone.   Errors: none. */
#ifndef COMPOSE_WORDS_H
#define COMPOSE_WORDS_H

#include "model/exact.h"
#include "model/fleet.h"
#include "model/lang.h"
#include "model/period.h"

/* 1066 as "1,066"; no number below 0. */
struct str words_int(const struct lang *l, struct arena *a, int64_t n);
/* "46.1 %"; of no number "–". */
struct str words_pct(const struct lang *l, struct arena *a, struct rounded pct);
/* A name from a host or a person, fit for a sentence. */
struct str words_name(struct arena *a, struct str name);
/* A title of a check or policy, likewise; what does not show has its place in running text. */
struct str words_title(struct arena *a, struct str title);
/* What an agent calls itself beside its name: no identity. Empty where that says no more than the
 * name: the same, or one of them is the other with its domain. */
struct str words_alias(const struct fleet_agent *agent);
/* An agent in a sentence: "srv06 (alias web)". */
struct str words_agent(const struct lang *l, struct arena *a, const struct fleet_agent *agent);
/* "a, b and c". */
struct str words_list(const struct lang *l, struct arena *a, const struct str *names, size_t n);
/* A framework's word as people write it: "pci_dss" is "PCI DSS"; unknown ones stay. */
struct str words_framework(struct str word);
/* The day of t: "21 September 2023". */
struct str words_day(const struct lang *l, struct arena *a, int64_t t);
/* Name of a period: "September 2023", "Q3 2023". */
struct str words_period(const struct lang *l, struct arena *a, struct period p);
/* The same within a sentence, where days without a name are "the period from … to …". */
struct str words_said_period(const struct lang *l, struct arena *a, struct period p);
/* First and last day and zone: "1 September 2023 – 30 September 2023 (UTC+02:00)". */
struct str words_range(const struct lang *l, struct arena *a, struct period p);
/* The zone's offset at t: "UTC+02:00". */
struct str words_zone(struct arena *a, int64_t t);
/* The time of t in the zone of the report: "2023-10-01 04:00 UTC+02:00", as the times in tables. */
struct str words_time(struct arena *a, int64_t t);
/* The same, and the local time behind it where it differs: "(2023-10-01 04:00 UTC+02:00)". */
struct str words_both_times(struct arena *a, int64_t t);
/* The UTC time with the same civil date and clock as t has locally: what a date cell and a time
 * axis take, so that a renderer that knows no zone shows the local day. */
int64_t words_civil(int64_t t);

#endif
