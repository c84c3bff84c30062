SELECT s.agent_id, TIMESTAMPDIFF(SECOND, '1970-01-01', s.scanned_at), p.id, p.title, p.version, s.profile,
  s.n_pass, s.n_fixed, s.n_fail, s.n_error, s.n_unknown, s.n_notchecked, s.n_notapplicable, s.n_informational,
  s.n_notselected, s.n_waived
FROM scan s JOIN policy p ON p.policy_id = s.policy_id
WHERE s.agent_id IN
  (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
  AND s.scanned_at >= ? AND s.scanned_at < ?
ORDER BY s.agent_id, s.scanned_at, s.line_id
