INSERT INTO fact_bucket (bucket, n, head) VALUES
-- rows --
ON DUPLICATE KEY UPDATE n = VALUES(n), head = VALUES(head)
