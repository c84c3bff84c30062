-- When an agent was last heard of, also by files that hold nothing to store, and what it took of its quota today. One
-- row an agent, overwritten: a day that is over says nothing any more. Documented in doc/spool.md.
CREATE TABLE agent_contact (
  agent_id BIGINT UNSIGNED NOT NULL,
  last_contact DATETIME NOT NULL,
  PRIMARY KEY (agent_id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE agent_usage (
  agent_id BIGINT UNSIGNED NOT NULL,
  used_on DATETIME NOT NULL COMMENT 'the day, its midnight UTC',
  n_checks BIGINT UNSIGNED NOT NULL,
  n_bytes BIGINT UNSIGNED NOT NULL,
  policies MEDIUMBLOB NOT NULL COMMENT '8 bytes of a hash for each policy version reported',
  PRIMARY KEY (agent_id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
