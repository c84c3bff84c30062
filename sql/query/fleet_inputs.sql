SELECT i.sha256, i.name, i.format, i.verdict, i.reason, i.host, i.size,
  TIMESTAMPDIFF(SECOND, '1970-01-01', i.received), i.n_scans, i.custody,
  TIMESTAMPDIFF(SECOND, '1970-01-01', COALESCE(
    (SELECT MIN(s.scanned_at) FROM scan s WHERE s.file_sha256 = i.sha256),
    (SELECT MIN(r.scanned_at) FROM scan_revision r WHERE r.file_sha256 = i.sha256))),
  (SELECT MIN(s.agent_id) FROM scan s WHERE s.file_sha256 = i.sha256),
  (SELECT MAX(s.agent_id) FROM scan s WHERE s.file_sha256 = i.sha256)
FROM input i
WHERE EXISTS (SELECT 1 FROM scan s WHERE s.file_sha256 = i.sha256 AND s.scanned_at >= ? AND s.scanned_at < ?)
  OR EXISTS (SELECT 1 FROM scan_revision r WHERE r.file_sha256 = i.sha256 AND r.scanned_at >= ? AND r.scanned_at < ?)
  OR (i.received >= ? AND i.received < ?)
ORDER BY i.name, i.sha256
