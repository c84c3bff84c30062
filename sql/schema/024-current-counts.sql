-- What the newest scan of a line counted stands with the line, too, so that who looks at the whole fleet (status, agent list,
-- check, metrics) need not find a row of scan for each. Derived: scan is the truth. Documented in doc/database.md.
ALTER TABLE agent_current ADD COLUMN n_pass INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'this and below: of the scan that it points at',
  ADD COLUMN n_fixed INT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN n_fail INT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN n_error INT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN n_unknown INT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN n_notchecked INT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN n_notapplicable INT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN n_informational INT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN n_notselected INT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN n_waived INT UNSIGNED NOT NULL DEFAULT 0;

UPDATE agent_current c JOIN scan s ON s.agent_id = c.agent_id AND s.line_id = c.line_id AND s.scanned_at = c.scanned_at
SET c.policy_id = s.policy_id, c.n_pass = s.n_pass, c.n_fixed = s.n_fixed, c.n_fail = s.n_fail, c.n_error = s.n_error,
  c.n_unknown = s.n_unknown, c.n_notchecked = s.n_notchecked, c.n_notapplicable = s.n_notapplicable, c.n_informational = s.n_informational,
  c.n_notselected = s.n_notselected, c.n_waived = s.n_waived;
