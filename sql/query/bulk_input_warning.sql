INSERT IGNORE INTO input_warning (sha256, n, kind, place, text) VALUES
-- rows --
