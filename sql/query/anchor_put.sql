INSERT INTO audit_anchor (origin, size, made, note, tsr) VALUES (?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE made = VALUES(made), note = VALUES(note), tsr = VALUES(tsr)
