/* Wazuh SCA, shape three: pages of the manager's API, data.affected_items of /sca/{agent} (one
 * summary a policy) and of /sca/{agent}/checks/{policy}. Called by wazuh.c. */
#include <assert.h>

#include "ingest/limits.h"
#include "ingest/readers/wazuh/wazuh.h"
#include "ingest/take.h"

enum { VERSION_LEN = 12 };

static void
take_policy(struct wazuh *w, struct wazuh_group *g, const json_t *item)
{
    struct str hash = wazuh_json_get(w, item, "hash_file", LIMIT_ID);
    g->policy_name = wazuh_json_get(w, item, "name", LIMIT_TITLE);
    g->version = hash.len > VERSION_LEN ? arena_str(w->a, str_n(hash.s, VERSION_LEN)) : hash;
    g->start = wazuh_json_time(w, item, "start_scan", &g->zone_assumed);
    g->end = wazuh_json_time(w, item, "end_scan", &g->zone_assumed);
    wazuh_scans_summary(w, g, item);
}

static int
take_item(struct wazuh *w, const json_t *item, int64_t expected)
{
    struct str id = wazuh_json_get(w, item, "policy_id", LIMIT_TITLE);
    if (!json_is_object(item) || !id.len) {
        diag_warn(w->d, DIAG_WARN_DATA, w->place, "an item without policy_id was left out");
        w->n_bad++;
        return 0;
    }
    struct wazuh_group *g = wazuh_scans_get(w, WAZUH_API, NULL, id, STR(""));
    if (!g)
        return wazuh_scans_none(w);
    g->policy_id = id;
    if (!json_object_get(item, "id")) {
        take_policy(w, g, item);
        return 0;
    }
    if (expected > g->expected)
        g->expected = expected;
    return wazuh_scans_add(w, g, item, CLOCK_NONE);
}

int
wazuh_api_take(struct wazuh *w, const json_t *doc)
{
    const json_t *data = json_object_get(doc, "data");
    const json_t *items = json_object_get(data, "affected_items");
    int64_t expected;
    assert(json_is_array(items));
    if (!wazuh_json_int(data, "total_affected_items", &expected) || expected < 0)
        expected = -1;
    for (size_t i = 0; i < json_array_size(items); i++)
        if (take_item(w, json_array_get(items, i), expected) < 0)
            return -1;
    return 0;
}
