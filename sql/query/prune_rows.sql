SELECT TIMESTAMPDIFF(SECOND, '1970-01-01', scanned_at), TIMESTAMPDIFF(SECOND, '1970-01-01', ingested_at), policy_id, n_vec, detail_set,
  200 + LENGTH(profile) + LENGTH(engine) + LENGTH(vec) + COALESCE(LENGTH(said), 0)
FROM scan WHERE agent_id = ? AND line_id = ? AND scanned_at < ? ORDER BY scanned_at
