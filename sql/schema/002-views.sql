-- For people with a SQL client; an interface: columns are added, never renamed. See doc/database.md.
-- Status numbers: 1 pass 2 fixed 3 fail 4 error 5 unknown 6 notchecked 7 notapplicable
-- 8 informational 9 notselected 10 waived.

CREATE VIEW v_scores AS
SELECT a.name AS agent, g.name AS agent_group, p.id AS policy, p.version AS policy_version,
  s.profile, s.scanned_at, s.n_pass + s.n_fixed AS passed, s.n_fail AS failed,
  s.n_error + s.n_unknown + s.n_notchecked + s.n_notapplicable + s.n_informational AS skipped,
  s.score / 100 AS score, s.flags, LOWER(HEX(s.file_sha256)) AS file_sha256
FROM scan s JOIN agent a ON a.agent_id = s.agent_id
JOIN agent_group g ON g.group_id = a.group_id JOIN policy p ON p.policy_id = s.policy_id;

CREATE VIEW v_scan_result AS
SELECT a.name AS agent, p.id AS policy, s.profile, s.scanned_at, t.id AS check_id, t.title, t.category,
  (ORD(SUBSTRING(s.vec, 1 + (k.pos DIV 2), 1)) >> ((k.pos MOD 2) * 4)) & 15 AS status
FROM scan s JOIN agent a ON a.agent_id = s.agent_id JOIN policy p ON p.policy_id = s.policy_id
JOIN policy_check k ON k.policy_id = s.policy_id AND k.pos < s.n_vec
JOIN check_text t ON t.text_hash = k.text_hash;

CREATE VIEW v_latest AS
SELECT a.name AS agent, g.name AS agent_group, p.id AS policy, s.profile, s.scanned_at,
  t.id AS check_id, t.title, t.category,
  (ORD(SUBSTRING(s.vec, 1 + (k.pos DIV 2), 1)) >> ((k.pos MOD 2) * 4)) & 15 AS status
FROM agent_current c
JOIN scan s ON s.agent_id = c.agent_id AND s.line_id = c.line_id AND s.scanned_at = c.scanned_at
JOIN agent a ON a.agent_id = c.agent_id JOIN agent_group g ON g.group_id = a.group_id
JOIN policy p ON p.policy_id = s.policy_id
JOIN policy_check k ON k.policy_id = s.policy_id AND k.pos < s.n_vec
JOIN check_text t ON t.text_hash = k.text_hash;

CREATE VIEW v_findings AS
SELECT a.name AS agent, g.name AS agent_group, t.id AS check_id, t.title, t.category, f.status,
  f.severity, f.native, f.occurrences, f.since, e.body AS evidence, f.waiver, t.remediation
FROM finding f JOIN agent a ON a.agent_id = f.agent_id JOIN agent_group g ON g.group_id = a.group_id
JOIN check_text t ON t.text_hash = f.text_hash LEFT JOIN evidence e ON e.hash = f.evidence;

CREATE VIEW v_changes AS
SELECT a.name AS agent, c.changed_at,
  (SELECT MAX(t.id) FROM policy_check k JOIN check_text t ON t.text_hash = k.text_hash
   WHERE k.check_hash = c.check_hash) AS check_id,
  c.old_status, c.new_status, HEX(c.check_hash) AS check_hash
FROM result_change c JOIN agent a ON a.agent_id = c.agent_id;

CREATE VIEW v_inputs AS
SELECT name, format, verdict, reason, host, size, received, n_scans, LOWER(HEX(sha256)) AS sha256 FROM input;

CREATE VIEW v_audit AS
SELECT seq, ts, event, object_type, object_id, outcome, LOWER(HEX(leaf)) AS leaf,
  CONVERT(rec USING utf8mb4) AS record FROM audit_log;
