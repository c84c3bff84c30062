/* Wazuh SCA, shape four: state documents of 5.x, one check each. Called by wazuh.c. A file holds
 * whatever part of the index was exported, so these scans are deltas. */
#include <assert.h>

#include "ingest/limits.h"
#include "ingest/readers/wazuh/wazuh.h"
#include "ingest/take.h"

int
wazuh_state_take(struct wazuh *w, const json_t *doc)
{
    const json_t *policy = json_object_get(doc, "policy");
    const json_t *state = json_object_get(doc, "state");
    bool zone_assumed = false;
    assert(json_is_object(policy));
    struct str id = wazuh_json_get(w, policy, "id", LIMIT_TITLE);
    struct str name = wazuh_json_get(w, policy, "name", LIMIT_TITLE);
    int64_t t = wazuh_json_time(w, state, "modified_at", &zone_assumed);
    if (t == CLOCK_NONE)
        t = wazuh_json_time(w, doc, "timestamp", &zone_assumed);
    if (t == CLOCK_NONE)
        t = wazuh_json_time(w, doc, "@timestamp", &zone_assumed);
    /* The index has wazuh.agent{…}; older drafts had agent{…} or nothing. */
    const json_t *agent = json_object_get(json_object_get(doc, "wazuh"), "agent");
    if (!agent)
        agent = json_object_get(doc, "agent");
    struct wazuh_group *g = wazuh_scans_get(w, WAZUH_STATE, agent, id.len ? id : name, STR(""));
    if (!g)
        return wazuh_scans_none(w);
    g->policy_id = id;
    g->policy_name = name;
    g->zone_assumed |= zone_assumed;
    if (t != CLOCK_NONE && (g->end == CLOCK_NONE || t > g->end))
        g->end = t;
    return wazuh_scans_add(w, g, json_object_get(doc, "check"), t);
}
