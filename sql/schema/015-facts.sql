-- What the audit log says of the other tables: digests of scans, inputs, agents and so on, as the acts that
-- wrote them recorded them. An index over the log that is checked against it and believed in nothing.
-- Documented in doc/facts.md.

-- The facts that one act recorded for one bucket (a kind, and for scans and inputs a day).
CREATE TABLE fact (
  bucket BIGINT UNSIGNED NOT NULL COMMENT 'kind << 32 | day since 1970',
  first BIGINT UNSIGNED NOT NULL COMMENT 'facts of the bucket before these',
  n INT UNSIGNED NOT NULL,
  seq BIGINT NOT NULL COMMENT 'last record of the act, -1 = adopted',
  entries MEDIUMBLOB NOT NULL COMMENT 'length 1 and key, digest 32 (zeros = gone), records before seq 4',
  PRIMARY KEY (bucket, first),
  KEY k_seq (seq)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- How many facts each bucket has, and the hash that chains them.
CREATE TABLE fact_bucket (
  bucket BIGINT UNSIGNED NOT NULL,
  n BIGINT UNSIGNED NOT NULL,
  head BINARY(32) NOT NULL,
  PRIMARY KEY (bucket)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- With an empty log and no rows there is nothing to adopt: facts begin here. Else `assay init` writes this row when it has
-- recorded what is there.
INSERT INTO fact_bucket (bucket, n, head)
SELECT 0, 0, x'0000000000000000000000000000000000000000000000000000000000000000' FROM audit_head WHERE size = 0
AND NOT EXISTS (SELECT 1 FROM agent) AND NOT EXISTS (SELECT 1 FROM input) AND NOT EXISTS (SELECT 1 FROM policy);
