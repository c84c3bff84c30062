INSERT INTO agent (agent_id, name, alias, os, address, group_id, first_seen, last_seen) VALUES
-- rows --
ON DUPLICATE KEY UPDATE
  alias = IF(VALUES(alias) <> '' AND VALUES(last_seen) >= last_seen, VALUES(alias), alias),
  os = IF(VALUES(os) <> '' AND VALUES(last_seen) >= last_seen, VALUES(os), os),
  address = IF(VALUES(address) <> '' AND VALUES(last_seen) >= last_seen, VALUES(address), address),
  group_id = IF(VALUES(group_id) <> 0 AND VALUES(last_seen) >= last_seen, VALUES(group_id), group_id),
  first_seen = LEAST(first_seen, VALUES(first_seen)),
  last_seen = GREATEST(last_seen, VALUES(last_seen))
