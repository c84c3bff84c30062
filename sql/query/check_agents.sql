SELECT agent_id, name, alias, os, address, group_id FROM agent WHERE last_seen >= '1970-01-01'
