INSERT INTO enrolment (agent_id, name, frozen, added, changed) VALUES (?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE frozen = VALUES(frozen), changed = VALUES(changed)
