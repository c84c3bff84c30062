-- What 011 copied.
DROP TABLE IF EXISTS finding;
DROP TABLE IF EXISTS evidence_set;
ALTER TABLE scan DROP COLUMN evidence_set;
