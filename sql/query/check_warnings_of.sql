SELECT w.sha256, w.kind, w.place, w.text
FROM (SELECT file_sha256 FROM scan WHERE (? OR agent_id = ?)
  UNION SELECT file_sha256 FROM scan_revision WHERE (? OR agent_id = ?)) f
JOIN input i ON i.sha256 = f.file_sha256 JOIN input_warning w ON w.sha256 = i.sha256
WHERE i.received BETWEEN ? AND ? ORDER BY w.sha256, w.n
