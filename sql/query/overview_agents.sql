SELECT agent_id, group_id, TO_SECONDS(last_seen) - 62167219200, name, alias, os, address
FROM agent WHERE (? OR agent_id = ?) AND last_seen >= '1970-01-01' ORDER BY agent_id
