INSERT IGNORE INTO check_mapping (text_hash, n, framework, edition, control) VALUES
-- rows --
