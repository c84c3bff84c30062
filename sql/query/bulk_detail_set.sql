INSERT IGNORE INTO detail_set (hash, records, words) VALUES
-- rows --
