SELECT CAST(COALESCE(MAX(version), 0) AS SIGNED) FROM schema_version WHERE version <> ?
