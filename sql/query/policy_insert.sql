INSERT IGNORE INTO policy (policy_id, id, version, title, content_hash, n_checks, created)
VALUES (?, ?, ?, ?, ?, ?, ?)
