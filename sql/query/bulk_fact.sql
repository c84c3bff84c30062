INSERT INTO fact (bucket, first, n, seq, entries) VALUES
-- rows --
