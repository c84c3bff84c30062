SELECT s.agent_id, s.line_id, TIMESTAMPDIFF(SECOND, '1970-01-01', s.scanned_at),
  CONCAT(LPAD(LOWER(HEX(s.agent_id)), 16, '0'), '-', LPAD(LOWER(HEX(s.line_id)), 16, '0'), '-',
    LPAD(TIMESTAMPDIFF(SECOND, '1970-01-01', s.scanned_at), 12, '0')),
  a.name, a.alias, g.name, a.os, a.address, p.id, p.version, p.title, s.profile, s.engine, s.format,
  CAST(TIMESTAMPDIFF(SECOND, '1970-01-01', s.scanned_at) AS CHAR), CAST(TIMESTAMPDIFF(SECOND, '1970-01-01', s.started_at) AS CHAR),
  CAST(TIMESTAMPDIFF(SECOND, '1970-01-01', s.ingested_at) AS CHAR),
  CONCAT_WS(',', IF(s.flags & 1, 'partial', NULL), IF(s.flags & 2, 'score-only', NULL),
    IF(s.flags & 4, 'zone-assumed', NULL), IF(s.flags & 8, 'end-assumed', NULL),
    IF(s.flags & 16, 'delta', NULL), IF(s.flags & 32, 'late', NULL), IF(s.flags & 64, 'ahead', NULL),
    IF(s.n_vec > 0 AND NOT EXISTS (SELECT 1 FROM scan b WHERE b.agent_id = s.agent_id AND b.line_id = s.line_id
      AND b.scanned_at < s.scanned_at AND b.n_vec > 0), 'first', NULL),
    IF(EXISTS (SELECT 1 FROM scan n WHERE n.agent_id = s.agent_id AND n.line_id = s.line_id AND n.scanned_at > s.scanned_at
      AND n.scanned_at <= UTC_TIMESTAMP() + INTERVAL 5 MINUTE), 'superseded', NULL)),
  LOWER(HEX(s.file_sha256)), CAST(s.n_pass AS CHAR), CAST(s.n_fixed AS CHAR), CAST(s.n_fail AS CHAR),
  CAST(s.n_error AS CHAR), CAST(s.n_unknown AS CHAR), CAST(s.n_notchecked AS CHAR),
  CAST(s.n_notapplicable AS CHAR), CAST(s.n_informational AS CHAR), CAST(s.n_notselected AS CHAR),
  CAST(s.n_waived AS CHAR), CAST(CAST(CASE WHEN s.score = 10000 AND s.n_fail > 0 THEN 9999 WHEN s.score = 0 AND s.n_pass + s.n_fixed > 0 THEN 1 ELSE s.score END / 100
    AS DECIMAL(8, 2)) AS CHAR),
  CAST(CAST(s.reported_score AS DECIMAL(20, 4)) AS CHAR),
  s.n_pass, s.n_fixed, s.n_fail, s.n_error, s.n_unknown, s.n_notchecked, s.n_notapplicable, s.n_informational,
  s.n_notselected, s.n_waived, s.score, s.flags, p.n_checks, s.n_vec, s.vec, s.detail_set
FROM scan s JOIN agent a ON a.agent_id = s.agent_id JOIN agent_group g ON g.group_id = a.group_id
JOIN policy p ON p.policy_id = s.policy_id
WHERE s.file_sha256 = UNHEX(?) ORDER BY s.agent_id, s.line_id, s.scanned_at
