SELECT agent_id, line_id, TIMESTAMPDIFF(SECOND, '1970-01-01', scanned_at), policy_id, n_scans
FROM agent_current ORDER BY agent_id, line_id
