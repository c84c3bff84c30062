/* The metrics file: how the fleet, the nightly run, the log and its delivery are, for Prometheus.
 * What:   text of Prometheus, which is OpenMetrics, too, for the textfile collector of node_exporter (setting
 *         metrics-file), written by `assay run` and by `audit export --follow`; readers see the old file or the new
 *         one. There is no series an agent; of groups the METRICS_GROUPS with the most agents have one.
 * Owner:  none.
 * Units:  base units of Prometheus: seconds, ratios 0 to 1.
 * Errors: those of store.h, DIAG_CANNOT_WRITE.
 * See:    doc/siem/metrics.md, doc/thresholds.md */
#ifndef JOB_METRICS_H
#define JOB_METRICS_H

#include "act/act.h"
#include "base/buf.h"

enum { METRICS_GROUPS = 200, METRICS_FLEET_S = 300 };

/* What is kept between two writings: all agents are not looked at every few seconds. All zero = nothing yet. */
struct metrics_fleet {
    struct buf text;
    int64_t made_ms;
};

/* Writes the metrics file; nothing is written when there is no such setting. fleet: agents and groups are those of the
 * last METRICS_FLEET_S seconds; NULL = as they are now. */
int metrics_write(struct act *act, struct metrics_fleet *fleet, struct diag *d);
/* Frees what is kept. */
void metrics_done(struct metrics_fleet *fleet);
/* Writes that the database cannot be reached, and nothing else. */
int metrics_write_away(const struct config *c, struct diag *d);

#endif
