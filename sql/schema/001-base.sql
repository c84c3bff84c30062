-- The compact model: one append-only row per scan with a packed vector is the truth; agent_current,
-- finding and result_change derive from it. Ids are the first 63 bits of a SHA-256 over what they
-- name. Times are UTC. No AUTO_INCREMENT, foreign key, trigger, procedure or partition, so that one
-- schema runs on MariaDB, MySQL, Galera and TiDB. Documented in doc/database.md.

CREATE TABLE agent_group (
  group_id BIGINT UNSIGNED NOT NULL,
  name VARCHAR(255) NOT NULL,
  PRIMARY KEY (group_id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE agent (
  agent_id BIGINT UNSIGNED NOT NULL,
  name VARCHAR(255) NOT NULL,
  alias VARCHAR(255) NOT NULL DEFAULT '',
  os VARCHAR(255) NOT NULL DEFAULT '',
  address VARCHAR(255) NOT NULL DEFAULT '',
  group_id BIGINT UNSIGNED NOT NULL,
  first_seen DATETIME NOT NULL,
  last_seen DATETIME NOT NULL,
  PRIMARY KEY (agent_id),
  KEY k_group (group_id, agent_id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- A policy version: its checks never change order once used.
CREATE TABLE policy (
  policy_id BIGINT UNSIGNED NOT NULL,
  id VARCHAR(255) NOT NULL,
  version VARCHAR(255) NOT NULL,
  title VARCHAR(1024) NOT NULL,
  content_hash BINARY(32) NOT NULL,
  n_checks INT UNSIGNED NOT NULL,
  created DATETIME NOT NULL,
  PRIMARY KEY (policy_id),
  KEY k_id (id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE policy_check (
  policy_id BIGINT UNSIGNED NOT NULL,
  pos INT UNSIGNED NOT NULL,
  check_hash BINARY(16) NOT NULL,
  text_hash BINARY(16) NOT NULL,
  PRIMARY KEY (policy_id, pos),
  KEY k_check (check_hash)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Texts of a check, stored once however many policy versions have them.
CREATE TABLE check_text (
  text_hash BINARY(16) NOT NULL,
  id VARCHAR(512) NOT NULL,
  check_key VARCHAR(512) NOT NULL,
  title VARCHAR(1024) NOT NULL,
  category VARCHAR(255) NOT NULL,
  severity TINYINT UNSIGNED NOT NULL,
  description MEDIUMTEXT NOT NULL,
  rationale MEDIUMTEXT NOT NULL,
  remediation MEDIUMTEXT NOT NULL,
  impact MEDIUMTEXT NOT NULL,
  idents MEDIUMTEXT NOT NULL,
  refs MEDIUMTEXT NOT NULL,
  PRIMARY KEY (text_hash)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE check_mapping (
  text_hash BINARY(16) NOT NULL,
  n INT UNSIGNED NOT NULL,
  framework VARCHAR(255) NOT NULL,
  edition VARCHAR(255) NOT NULL,
  control VARCHAR(255) NOT NULL,
  PRIMARY KEY (text_hash, n)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Evidence texts by hash; a scan names them through one set of (position, hash), shared by scans.
CREATE TABLE evidence (
  hash BINARY(16) NOT NULL,
  body MEDIUMTEXT NOT NULL,
  PRIMARY KEY (hash)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE evidence_set (
  hash BINARY(16) NOT NULL,
  refs MEDIUMBLOB NOT NULL,
  PRIMARY KEY (hash)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The truth. line_id stands for (policy id, profile): scans of one line follow each other.
CREATE TABLE scan (
  agent_id BIGINT UNSIGNED NOT NULL,
  line_id BIGINT UNSIGNED NOT NULL,
  scanned_at DATETIME NOT NULL,
  policy_id BIGINT UNSIGNED NOT NULL,
  profile VARCHAR(255) NOT NULL,
  format VARCHAR(64) NOT NULL,
  engine VARCHAR(255) NOT NULL,
  started_at DATETIME NULL,
  ingested_at DATETIME NOT NULL,
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
  reported_score DOUBLE NULL COMMENT 'of the scanner',
  flags INT UNSIGNED NOT NULL COMMENT '1 partial 2 score only 4 zone assumed 8 end assumed 16 delta',
  file_sha256 BINARY(32) NOT NULL,
  content_hash BINARY(32) NOT NULL,
  evidence_set BINARY(16) NULL,
  n_vec INT UNSIGNED NOT NULL,
  vec MEDIUMBLOB NOT NULL COMMENT '4 bits a check, low nibble first',
  PRIMARY KEY (agent_id, line_id, scanned_at),
  KEY k_time (scanned_at),
  KEY k_file (file_sha256)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE agent_current (
  agent_id BIGINT UNSIGNED NOT NULL,
  line_id BIGINT UNSIGNED NOT NULL,
  scanned_at DATETIME NOT NULL,
  policy_id BIGINT UNSIGNED NOT NULL,
  n_scans INT UNSIGNED NOT NULL,
  PRIMARY KEY (agent_id, line_id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What is not a plain pass now, and since when.
CREATE TABLE finding (
  agent_id BIGINT UNSIGNED NOT NULL,
  line_id BIGINT UNSIGNED NOT NULL,
  check_hash BINARY(16) NOT NULL,
  text_hash BINARY(16) NOT NULL,
  status TINYINT UNSIGNED NOT NULL,
  severity TINYINT UNSIGNED NOT NULL,
  native VARCHAR(255) NOT NULL,
  occurrences INT UNSIGNED NOT NULL,
  evidence BINARY(16) NULL,
  waiver MEDIUMTEXT NOT NULL,
  since DATETIME NOT NULL,
  PRIMARY KEY (agent_id, line_id, check_hash)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Drift: one row for each check that changed between two scans that follow each other.
CREATE TABLE result_change (
  agent_id BIGINT UNSIGNED NOT NULL,
  line_id BIGINT UNSIGNED NOT NULL,
  check_hash BINARY(16) NOT NULL,
  changed_at DATETIME NOT NULL,
  old_status TINYINT UNSIGNED NOT NULL,
  new_status TINYINT UNSIGNED NOT NULL,
  PRIMARY KEY (agent_id, line_id, check_hash, changed_at),
  KEY k_time (changed_at)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Every file ever received.
CREATE TABLE input (
  sha256 BINARY(32) NOT NULL,
  name VARCHAR(1024) NOT NULL,
  format VARCHAR(64) NOT NULL,
  verdict VARCHAR(32) NOT NULL,
  reason VARCHAR(4096) NOT NULL,
  host VARCHAR(255) NOT NULL,
  size BIGINT UNSIGNED NOT NULL,
  received DATETIME NOT NULL,
  n_scans INT UNSIGNED NOT NULL,
  PRIMARY KEY (sha256),
  KEY k_received (received)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE input_warning (
  sha256 BINARY(32) NOT NULL,
  n INT UNSIGNED NOT NULL,
  kind VARCHAR(32) NOT NULL,
  place VARCHAR(1024) NOT NULL,
  text VARCHAR(2048) NOT NULL,
  PRIMARY KEY (sha256, n)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- A period of a report definition is made once, by the host that holds the lease.
CREATE TABLE report_run (
  definition VARCHAR(191) NOT NULL,
  period_key VARCHAR(64) NOT NULL,
  state VARCHAR(16) NOT NULL,
  token BIGINT UNSIGNED NOT NULL,
  lease_until DATETIME NOT NULL,
  host VARCHAR(255) NOT NULL,
  report_id VARCHAR(255) NOT NULL,
  dataset_hex VARCHAR(64) NOT NULL,
  manifest_hex VARCHAR(64) NOT NULL,
  changed DATETIME NOT NULL,
  PRIMARY KEY (definition, period_key)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The audit log. rec is byte-exact; the columns are an index that the verifier compares with it.
CREATE TABLE audit_log (
  seq BIGINT UNSIGNED NOT NULL,
  ts DATETIME(6) NOT NULL,
  event VARCHAR(64) NOT NULL,
  object_type VARCHAR(64) NOT NULL,
  object_id TEXT NOT NULL,
  outcome TINYINT NOT NULL,
  leaf BINARY(32) NOT NULL,
  rec MEDIUMBLOB NOT NULL,
  PRIMARY KEY (seq)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE audit_head (
  one TINYINT NOT NULL,
  size BIGINT UNSIGNED NOT NULL,
  last BINARY(32) NOT NULL,
  PRIMARY KEY (one)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO audit_head (one, size, last) VALUES (1, 0, x'0000000000000000000000000000000000000000000000000000000000000000');

CREATE TABLE export_cursor (
  target VARCHAR(700) NOT NULL,
  next_seq BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (target)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE setting (
  name VARCHAR(191) NOT NULL,
  value MEDIUMTEXT NOT NULL,
  PRIMARY KEY (name)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
