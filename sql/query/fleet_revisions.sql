SELECT r.agent_id, r.policy_id, p.id, p.title, r.profile, TIMESTAMPDIFF(SECOND, '1970-01-01', r.scanned_at),
  r.revision, r.standing, COALESCE(i.name, ''),
  r.n_pass, r.n_fixed, r.n_fail, r.n_error, r.n_unknown, r.n_notchecked, r.n_notapplicable, r.n_informational,
  r.n_notselected, r.n_waived
FROM (SELECT agent_id, policy_id, profile, scanned_at, revision, standing, file_sha256,
    n_pass, n_fixed, n_fail, n_error, n_unknown, n_notchecked, n_notapplicable, n_informational, n_notselected, n_waived
  FROM scan_revision WHERE (? OR agent_id = ?) AND scanned_at >= ? AND scanned_at < ? AND standing <> 5
  UNION ALL SELECT s.agent_id, s.policy_id, s.profile, s.scanned_at, s.revision, s.standing, s.file_sha256,
    s.n_pass, s.n_fixed, s.n_fail, s.n_error, s.n_unknown, s.n_notchecked, s.n_notapplicable, s.n_informational,
    s.n_notselected, s.n_waived
  FROM (SELECT DISTINCT agent_id, line_id, scanned_at FROM scan_revision
    WHERE (? OR agent_id = ?) AND scanned_at >= ? AND scanned_at < ? AND standing <> 5) x
  JOIN scan s ON s.agent_id = x.agent_id AND s.line_id = x.line_id AND s.scanned_at = x.scanned_at) r
JOIN agent a ON a.agent_id = r.agent_id JOIN policy p ON p.policy_id = r.policy_id
LEFT JOIN input i ON i.sha256 = r.file_sha256
ORDER BY a.name, p.id, r.profile, r.scanned_at, r.revision
