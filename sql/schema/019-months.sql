-- What each line was at the end of each month (UTC), so that no report has to look for it among all older scans. Derived from
-- the scans of months that are over; complete and proven where month_close says so. Documented in doc/decisions/0030-months.md.

-- The newest scan of a line in a month in which it has one, in numbers. In force from that month until before next_month. A row says all
-- by itself: it may outlive the scan it is of.
CREATE TABLE month_state (
  agent_id BIGINT UNSIGNED NOT NULL,
  line_id BIGINT UNSIGNED NOT NULL,
  month INT UNSIGNED NOT NULL COMMENT 'year * 100 + month',
  chunk TINYINT UNSIGNED NOT NULL COMMENT 'first 4 of the 63 bits of agent_id',
  next_month INT UNSIGNED NOT NULL COMMENT 'of the next row of the line, 999999 = none',
  scanned_at DATETIME NOT NULL,
  policy_id BIGINT UNSIGNED NOT NULL,
  n_pass INT UNSIGNED NOT NULL,
  n_fixed INT UNSIGNED NOT NULL,
  n_fail INT UNSIGNED NOT NULL,
  n_error INT UNSIGNED NOT NULL,
  n_unknown INT UNSIGNED NOT NULL,
  n_notchecked INT UNSIGNED NOT NULL,
  n_notapplicable INT UNSIGNED NOT NULL,
  n_informational INT UNSIGNED NOT NULL,
  n_notselected INT UNSIGNED NOT NULL,
  n_waived INT UNSIGNED NOT NULL,
  score INT UNSIGNED NULL COMMENT '1/100 of a percent, NULL = nothing evaluated',
  flags INT UNSIGNED NOT NULL,
  n_scans INT UNSIGNED NOT NULL COMMENT 'of the line in the month',
  scan_digest BINARY(32) NOT NULL COMMENT 'what the audit log says of the scan',
  PRIMARY KEY (agent_id, line_id, month),
  KEY k_force (chunk, next_month, month),
  KEY k_month (month, chunk)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- A month is closed where its sixteen chunks have a row. What changes a scan of it takes the rows away that are not true any more.
CREATE TABLE month_close (
  month INT UNSIGNED NOT NULL,
  chunk TINYINT UNSIGNED NOT NULL,
  n_states INT UNSIGNED NOT NULL COMMENT 'in force at the end of the month',
  states BINARY(32) NOT NULL COMMENT 'SHA-256 over them',
  n_scans INT UNSIGNED NOT NULL COMMENT 'in the month',
  points BINARY(32) NOT NULL COMMENT 'SHA-256 over what month_points has',
  PRIMARY KEY (month, chunk)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Time and numbers of every scan of a closed month, packed; in pieces that fit a statement.
CREATE TABLE month_points (
  month INT UNSIGNED NOT NULL,
  chunk TINYINT UNSIGNED NOT NULL,
  piece INT UNSIGNED NOT NULL,
  body MEDIUMBLOB NOT NULL,
  PRIMARY KEY (month, chunk, piece)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Whoever stores a scan of a month that may be closed, and whoever closes one, writes the row of its chunk: one after the other.
CREATE TABLE month_lock (
  chunk TINYINT UNSIGNED NOT NULL,
  n BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (chunk)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO month_lock (chunk, n) VALUES (0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0),
  (11, 0), (12, 0), (13, 0), (14, 0), (15, 0);

-- Scores at the end of each month, for who asks years later.
CREATE OR REPLACE VIEW v_month_scores AS
SELECT a.name AS agent, g.name AS agent_group, p.id AS policy, p.version AS policy_version, s.month, s.scanned_at,
  s.n_pass + s.n_fixed AS passed, s.n_fail AS failed,
  s.n_error + s.n_unknown + s.n_notchecked + s.n_notapplicable + s.n_informational AS skipped,
  CASE WHEN s.score = 10000 AND s.n_fail > 0 THEN 9999 WHEN s.score = 0 AND s.n_pass + s.n_fixed > 0 THEN 1 ELSE s.score END / 100 AS score,
  s.n_scans
FROM month_state s JOIN agent a ON a.agent_id = s.agent_id
JOIN agent_group g ON g.group_id = a.group_id JOIN policy p ON p.policy_id = s.policy_id;
