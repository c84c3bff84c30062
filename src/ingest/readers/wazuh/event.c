/* Wazuh SCA, shape one: what an agent sends, {"type":"check"|"summary",…}. Called by wazuh.c. */
#include "ingest/limits.h"
#include "ingest/readers/wazuh/wazuh.h"
#include "ingest/take.h"

enum { VERSION_LEN = 12 }; /* of the policy file's hash: enough to tell versions apart */

static int
take_check(struct wazuh *w, const json_t *doc, struct str policy_id, struct str name)
{
    struct str scan =
        wazuh_json_get(w, doc, json_object_get(doc, "id") ? "id" : "scan_id", LIMIT_ID);
    struct wazuh_group *g = wazuh_scans_get(w, WAZUH_EVENT, json_object_get(doc, "agent"),
                                            policy_id.len ? policy_id : name, scan);
    if (!g)
        return wazuh_scans_none(w);
    g->policy_id = policy_id;
    g->policy_name = name.len ? name : g->policy_name;
    return wazuh_scans_add(w, g, json_object_get(doc, "check"), CLOCK_NONE);
}

static int
take_summary(struct wazuh *w, const json_t *doc, struct str policy_id, struct str name)
{
    struct str scan = wazuh_json_get(w, doc, "scan_id", LIMIT_ID);
    struct wazuh_group *g = wazuh_scans_get(w, WAZUH_EVENT, json_object_get(doc, "agent"),
                                            policy_id.len ? policy_id : name, scan);
    if (!g)
        return wazuh_scans_none(w);
    struct str hash = wazuh_json_get(w, doc, "hash_file", LIMIT_ID);
    g->policy_id = policy_id;
    g->policy_name = name.len ? name : g->policy_name;
    g->version = hash.len > VERSION_LEN ? arena_str(w->a, str_n(hash.s, VERSION_LEN)) : hash;
    g->start = wazuh_json_time(w, doc, "start_time", &g->zone_assumed);
    g->end = wazuh_json_time(w, doc, "end_time", &g->zone_assumed);
    wazuh_scans_summary(w, g, doc);
    return 0;
}

int
wazuh_event_take(struct wazuh *w, const json_t *doc)
{
    struct str id = wazuh_json_get(w, doc, "policy_id", LIMIT_TITLE);
    if (json_is_object(json_object_get(doc, "check")))
        return take_check(w, doc, id, wazuh_json_get(w, doc, "policy", LIMIT_TITLE));
    return take_summary(w, doc, id, wazuh_json_get(w, doc, "name", LIMIT_TITLE));
}
