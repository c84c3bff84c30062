UPDATE agent SET
  alias = IF(? <> '' AND ? >= last_seen, ?, alias),
  os = IF(? <> '' AND ? >= last_seen, ?, os),
  address = IF(? <> '' AND ? >= last_seen, ?, address),
  group_id = IF(? <> '' AND ? >= last_seen, ?, group_id),
  first_seen = LEAST(first_seen, ?),
  last_seen = GREATEST(last_seen, ?)
WHERE agent_id = ?
