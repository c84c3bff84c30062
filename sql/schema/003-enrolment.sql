-- Who may report: the list of agents with the names they report under, and how each file that was
-- taken in was authenticated. Documented in doc/enrolment.md.

ALTER TABLE input ADD COLUMN custody VARCHAR(1024) NOT NULL DEFAULT 'none';

-- An agent on the list. agent_id is that of the table agent, which has a row once it has reported.
CREATE TABLE enrolment (
  agent_id BIGINT UNSIGNED NOT NULL,
  name VARCHAR(255) NOT NULL,
  frozen TINYINT UNSIGNED NOT NULL,
  added DATETIME NOT NULL,
  changed DATETIME NOT NULL,
  PRIMARY KEY (agent_id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Other names that an agent reports under; alias_id is the agent_id that the name would have.
CREATE TABLE enrolment_alias (
  alias_id BIGINT UNSIGNED NOT NULL,
  alias VARCHAR(255) NOT NULL,
  agent_id BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (alias_id),
  KEY k_agent (agent_id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE OR REPLACE VIEW v_inputs AS
SELECT name, format, verdict, reason, host, size, received, n_scans, LOWER(HEX(sha256)) AS sha256, custody
FROM input;
