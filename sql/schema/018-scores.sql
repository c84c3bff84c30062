-- A score that is printed is never 100 while a check failed, nor 0 while one passed: 2,499,999 of 2,500,000 are 99.99. The
-- column keeps what is rounded plainly, by which rows are compared. Documented in doc/database.md.
CREATE OR REPLACE VIEW v_scores AS
SELECT a.name AS agent, g.name AS agent_group, p.id AS policy, p.version AS policy_version,
  s.profile, s.scanned_at, s.n_pass + s.n_fixed AS passed, s.n_fail AS failed,
  s.n_error + s.n_unknown + s.n_notchecked + s.n_notapplicable + s.n_informational AS skipped,
  CASE WHEN s.score = 10000 AND s.n_fail > 0 THEN 9999 WHEN s.score = 0 AND s.n_pass + s.n_fixed > 0 THEN 1 ELSE s.score END / 100 AS score,
  s.flags, LOWER(HEX(s.file_sha256)) AS file_sha256, s.ingested_at, s.revision, s.standing
FROM scan s JOIN agent a ON a.agent_id = s.agent_id
JOIN agent_group g ON g.group_id = a.group_id JOIN policy p ON p.policy_id = s.policy_id;

-- What does not count, beside what does (v_scores).
CREATE OR REPLACE VIEW v_scan_revision AS
SELECT a.name AS agent, g.name AS agent_group, p.id AS policy, p.version AS policy_version,
  s.profile, s.scanned_at, s.n_pass + s.n_fixed AS passed, s.n_fail AS failed,
  s.n_error + s.n_unknown + s.n_notchecked + s.n_notapplicable + s.n_informational AS skipped,
  CASE WHEN s.score = 10000 AND s.n_fail > 0 THEN 9999 WHEN s.score = 0 AND s.n_pass + s.n_fixed > 0 THEN 1 ELSE s.score END / 100 AS score,
  s.flags, LOWER(HEX(s.file_sha256)) AS file_sha256, s.ingested_at, s.revision, s.standing
FROM scan_revision s JOIN agent a ON a.agent_id = s.agent_id
JOIN agent_group g ON g.group_id = a.group_id JOIN policy p ON p.policy_id = s.policy_id;
