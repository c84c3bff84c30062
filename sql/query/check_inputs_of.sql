SELECT i.sha256, i.name, i.format, i.verdict, i.reason, i.host, i.size, TIMESTAMPDIFF(SECOND, '1970-01-01', i.received), i.n_scans, i.custody
FROM (SELECT file_sha256 FROM scan WHERE (? OR agent_id = ?)
  UNION SELECT file_sha256 FROM scan_revision WHERE (? OR agent_id = ?)) f
JOIN input i ON i.sha256 = f.file_sha256 WHERE i.received BETWEEN ? AND ?
