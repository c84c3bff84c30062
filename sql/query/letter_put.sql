INSERT INTO export_deadletter (letter_id, target, seq, piece, state, reason, size, made) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE state = VALUES(state), reason = VALUES(reason), made = VALUES(made)
