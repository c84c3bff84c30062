SELECT w.kind, w.place, w.text, w.sha256, TIMESTAMPDIFF(SECOND, '1970-01-01', i.received)
FROM input_warning w LEFT JOIN input i ON i.sha256 = w.sha256
WHERE EXISTS (SELECT 1 FROM scan s WHERE s.file_sha256 = w.sha256 AND s.scanned_at >= ? AND s.scanned_at < ?)
  OR EXISTS (SELECT 1 FROM scan_revision r WHERE r.file_sha256 = w.sha256 AND r.scanned_at >= ? AND r.scanned_at < ?)
ORDER BY w.kind, w.place, w.text
