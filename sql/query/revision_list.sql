SELECT a.name, p.id, p.title, s.profile, s.format, s.agent_id, s.line_id, TIMESTAMPDIFF(SECOND, '1970-01-01', s.scanned_at),
  TIMESTAMPDIFF(SECOND, '1970-01-01', s.ingested_at), s.revision, s.standing, s.flags, s.file_sha256, COALESCE(i.name, ''),
  s.n_pass, s.n_fixed, s.n_fail, s.n_error, s.n_unknown, s.n_notchecked, s.n_notapplicable, s.n_informational,
  s.n_notselected, s.n_waived
FROM (SELECT agent_id, line_id, scanned_at, policy_id, profile, format, ingested_at, revision, standing, flags, file_sha256,
    n_pass, n_fixed, n_fail, n_error, n_unknown, n_notchecked, n_notapplicable, n_informational, n_notselected, n_waived
  FROM scan WHERE scanned_at >= ? AND scanned_at < ?
  UNION ALL SELECT agent_id, line_id, scanned_at, policy_id, profile, format, ingested_at, revision, standing, flags, file_sha256,
    n_pass, n_fixed, n_fail, n_error, n_unknown, n_notchecked, n_notapplicable, n_informational, n_notselected, n_waived
  FROM scan_revision WHERE scanned_at >= ? AND scanned_at < ?) s
JOIN agent a ON a.agent_id = s.agent_id JOIN policy p ON p.policy_id = s.policy_id
LEFT JOIN input i ON i.sha256 = s.file_sha256
WHERE (? = '' OR a.name = ?) AND (? = '' OR p.id = ?)
  AND (? = 0 OR EXISTS (SELECT 1 FROM scan_revision x WHERE x.agent_id = s.agent_id AND x.line_id = s.line_id
    AND x.scanned_at = s.scanned_at AND x.standing = 4))
ORDER BY a.name, p.id, s.profile, s.scanned_at, s.revision
