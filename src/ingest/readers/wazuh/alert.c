/* Wazuh SCA, shape two: a line of the manager's alerts.json with data.sca. Called by wazuh.c. Only
 * changes are alerted, so these scans are deltas. */
#include <assert.h>

#include "ingest/limits.h"
#include "ingest/readers/wazuh/wazuh.h"
#include "ingest/take.h"

int
wazuh_alert_take(struct wazuh *w, const json_t *doc)
{
    const json_t *sca = json_object_get(json_object_get(doc, "data"), "sca");
    const json_t *check = json_object_get(sca, "check");
    bool zone_assumed = false;
    assert(json_is_object(sca));
    struct str name = wazuh_json_get(w, sca, "policy", LIMIT_TITLE);
    struct str id = wazuh_json_get(w, sca, "policy_id", LIMIT_TITLE);
    struct str scan = wazuh_json_get(w, sca, "scan_id", LIMIT_ID);
    int64_t t = wazuh_json_time(w, doc, "timestamp", &zone_assumed);
    if (t == CLOCK_NONE) /* as the indexer has it */
        t = wazuh_json_time(w, doc, "@timestamp", &zone_assumed);
    struct wazuh_group *g =
        wazuh_scans_get(w, WAZUH_ALERT, json_object_get(doc, "agent"), name.len ? name : id, scan);
    if (!g)
        return wazuh_scans_none(w);
    g->policy_name = name.len ? name : g->policy_name;
    g->policy_id = id.len ? id : g->policy_id;
    g->zone_assumed |= zone_assumed;
    if (t != CLOCK_NONE && (g->end == CLOCK_NONE || t > g->end))
        g->end = t;
    if (json_is_object(check))
        return wazuh_scans_add(w, g, check, t);
    wazuh_scans_summary(w, g, sca);
    return 0;
}
