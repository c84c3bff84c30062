INSERT IGNORE INTO detail_set (hash, records, words, base) VALUES
-- rows --
