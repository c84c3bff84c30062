INSERT IGNORE INTO check_category (text_hash, category, source, table_version) VALUES
-- rows --
