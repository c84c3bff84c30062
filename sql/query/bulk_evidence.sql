INSERT IGNORE INTO evidence (hash, body) VALUES
-- rows --
