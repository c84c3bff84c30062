-- Reports on their way to recipients: a row for each report and address, queued in the transaction of the report's
-- record. Only who knows the fence ends an attempt. Documented in doc/decisions/0034-outbox.md.
CREATE TABLE outbox (
  letter_id BIGINT UNSIGNED NOT NULL,
  recipient VARCHAR(64) NOT NULL COMMENT 'name in the settings',
  destination VARCHAR(512) NOT NULL COMMENT 'KIND:TARGET, one address of it',
  definition VARCHAR(255) NOT NULL,
  report_id VARCHAR(255) NOT NULL,
  version VARCHAR(32) NOT NULL,
  language VARCHAR(16) NOT NULL,
  title VARCHAR(512) NOT NULL,
  dir VARCHAR(1024) NOT NULL COMMENT 'of its files on that host',
  host VARCHAR(255) NOT NULL,
  manifest_sha256 CHAR(64) NOT NULL COMMENT 'of the manifest over the files: nothing else is sent',
  state VARCHAR(16) NOT NULL COMMENT 'waiting, sent, refused, dropped',
  queued DATETIME NOT NULL,
  since DATETIME NOT NULL COMMENT 'when it began to wait, or was put back',
  attempts INT UNSIGNED NOT NULL DEFAULT 0,
  retry_at DATETIME NULL,
  ended DATETIME NULL,
  owner VARCHAR(512) NOT NULL DEFAULT '',
  fence BIGINT UNSIGNED NOT NULL DEFAULT 0,
  lease_until DATETIME(6) NULL,
  error VARCHAR(2048) NOT NULL DEFAULT '',
  answer VARCHAR(512) NOT NULL DEFAULT '' COMMENT 'of the receiver',
  sent_sha256 CHAR(64) NOT NULL DEFAULT '' COMMENT 'of what was sent',
  PRIMARY KEY (letter_id),
  KEY k_state (state, queued)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
