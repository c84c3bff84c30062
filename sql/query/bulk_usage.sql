INSERT INTO agent_usage (agent_id, used_on, n_checks, n_bytes, policies) VALUES
-- rows --
ON DUPLICATE KEY UPDATE
  n_checks = VALUES(n_checks) + IF(used_on = VALUES(used_on), n_checks, 0),
  n_bytes = VALUES(n_bytes) + IF(used_on = VALUES(used_on), n_bytes, 0),
  policies = CONCAT(IF(used_on = VALUES(used_on), policies, ''), VALUES(policies)),
  used_on = VALUES(used_on)
