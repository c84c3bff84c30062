INSERT INTO audit_checkpoint (origin, size, made, note) VALUES (?, ?, ?, ?)
ON DUPLICATE KEY UPDATE made = VALUES(made), note = VALUES(note)
