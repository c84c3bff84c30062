SELECT w.kind, w.place, w.text, w.sha256, TIMESTAMPDIFF(SECOND, '1970-01-01', i.received), w.n
FROM input_warning w LEFT JOIN input i ON i.sha256 = w.sha256
WHERE w.sha256 IN (SELECT s.file_sha256 FROM scan s WHERE (? OR s.agent_id = ?) AND s.scanned_at >= ? AND s.scanned_at < ?)
UNION SELECT w.kind, w.place, w.text, w.sha256, TIMESTAMPDIFF(SECOND, '1970-01-01', i.received), w.n
FROM input_warning w LEFT JOIN input i ON i.sha256 = w.sha256
WHERE w.sha256 IN (SELECT r.file_sha256 FROM scan_revision r WHERE (? OR r.agent_id = ?) AND r.scanned_at >= ? AND r.scanned_at < ?)
ORDER BY kind, place, text
