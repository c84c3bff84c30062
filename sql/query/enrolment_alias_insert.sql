INSERT IGNORE INTO enrolment_alias (alias_id, alias, agent_id) VALUES (?, ?, ?)
