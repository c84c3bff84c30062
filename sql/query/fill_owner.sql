SELECT name FROM schema_version WHERE version = ?
