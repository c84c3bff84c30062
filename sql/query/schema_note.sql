INSERT IGNORE INTO schema_version (version, name, applied_at) VALUES (?, ?, ?)
