SELECT i.sha256, i.name, i.format, i.verdict, i.reason, i.host, i.size,
  TIMESTAMPDIFF(SECOND, '1970-01-01', i.received), i.n_scans, i.custody,
  TIMESTAMPDIFF(SECOND, '1970-01-01', COALESCE(
    (SELECT MIN(s.scanned_at) FROM scan s WHERE s.file_sha256 = i.sha256),
    (SELECT MIN(r.scanned_at) FROM scan_revision r WHERE r.file_sha256 = i.sha256))),
  (SELECT MIN(s.agent_id) FROM scan s WHERE s.file_sha256 = i.sha256),
  (SELECT MAX(s.agent_id) FROM scan s WHERE s.file_sha256 = i.sha256)
FROM (SELECT file_sha256 AS sha256 FROM scan WHERE scanned_at >= ? AND scanned_at < ?
  UNION SELECT file_sha256 FROM scan_revision WHERE scanned_at >= ? AND scanned_at < ?
  UNION SELECT sha256 FROM input WHERE received >= ? AND received < ?) w
JOIN input i ON i.sha256 = w.sha256
ORDER BY i.name, i.sha256
