INSERT INTO check_category (text_hash, category, source, table_version) VALUES
-- rows --
ON DUPLICATE KEY UPDATE category = VALUES(category), source = VALUES(source), table_version = VALUES(table_version)
