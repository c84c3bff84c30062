SELECT c.agent_id, c.line_id, c.policy_id, TO_SECONDS(c.scanned_at) - 62167219200,
  IF(?, (SELECT s.flags FROM scan s WHERE s.agent_id = c.agent_id AND s.line_id = c.line_id AND s.scanned_at = c.scanned_at), NULL),
  c.n_pass, c.n_fixed, c.n_fail, c.n_error, c.n_unknown, c.n_notchecked, c.n_notapplicable, c.n_informational,
  c.n_notselected, c.n_waived
FROM agent_current c WHERE (? OR c.agent_id = ?) AND c.scanned_at >= ? AND c.n_scans > 0 ORDER BY c.agent_id, c.line_id
