INSERT INTO input (sha256, name, format, verdict, reason, host, size, received, n_scans)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE name = VALUES(name), format = VALUES(format), verdict = VALUES(verdict),
  reason = VALUES(reason), host = VALUES(host), n_scans = VALUES(n_scans)
