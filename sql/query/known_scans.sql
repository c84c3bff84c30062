SELECT s.agent_id, TIMESTAMPDIFF(SECOND, '1970-01-01', s.scanned_at), s.policy_id, s.profile, s.format, s.engine,
  s.n_pass, s.n_fixed, s.n_fail, s.n_error, s.n_unknown, s.n_notchecked, s.n_notapplicable, s.n_informational,
  s.n_notselected, s.n_waived, s.reported_score, s.flags, s.file_sha256, s.detail_set, s.n_vec, s.vec,
  TIMESTAMPDIFF(SECOND, '1970-01-01', s.ingested_at), s.score, s.line_id, TIMESTAMPDIFF(SECOND, '1970-01-01', s.started_at)
FROM (SELECT s.agent_id, s.line_id, MAX(s.scanned_at) AS newest FROM scan s
      WHERE (? OR s.agent_id = ?) AND s.scanned_at >= ? AND s.scanned_at < ? AND (s.ingested_at <= ? OR EXISTS (SELECT 1 FROM scan_revision r WHERE r.agent_id = s.agent_id AND r.line_id = s.line_id AND r.scanned_at = s.scanned_at AND r.ingested_at <= ?))
      GROUP BY s.agent_id, s.line_id) w
STRAIGHT_JOIN scan s
  ON w.agent_id = s.agent_id AND w.line_id = s.line_id AND w.newest = s.scanned_at
WHERE (s.ingested_at <= ?
  OR (SELECT COUNT(*) FROM scan_revision r WHERE r.agent_id = s.agent_id AND r.line_id = s.line_id AND r.scanned_at = s.scanned_at AND r.ingested_at <= ?) > 1)
UNION ALL
SELECT s.agent_id, TIMESTAMPDIFF(SECOND, '1970-01-01', s.scanned_at), s.policy_id, s.profile, s.format, s.engine,
  s.n_pass, s.n_fixed, s.n_fail, s.n_error, s.n_unknown, s.n_notchecked, s.n_notapplicable, s.n_informational,
  s.n_notselected, s.n_waived, s.reported_score, s.flags, s.file_sha256, s.detail_set, s.n_vec, s.vec,
  TIMESTAMPDIFF(SECOND, '1970-01-01', s.ingested_at), s.score, s.line_id, TIMESTAMPDIFF(SECOND, '1970-01-01', s.started_at)
FROM (SELECT s.agent_id, s.line_id, MAX(s.scanned_at) AS newest FROM scan s
      WHERE (? OR s.agent_id = ?) AND s.scanned_at >= ? AND s.scanned_at < ? AND (s.ingested_at <= ? OR EXISTS (SELECT 1 FROM scan_revision r WHERE r.agent_id = s.agent_id AND r.line_id = s.line_id AND r.scanned_at = s.scanned_at AND r.ingested_at <= ?))
      GROUP BY s.agent_id, s.line_id) w
STRAIGHT_JOIN scan_revision s
  ON w.agent_id = s.agent_id AND w.line_id = s.line_id AND w.newest = s.scanned_at
WHERE s.ingested_at <= ? AND EXISTS (SELECT 1 FROM scan n WHERE n.agent_id = s.agent_id AND n.line_id = s.line_id AND n.scanned_at = s.scanned_at AND n.ingested_at > ?)
  AND NOT EXISTS (SELECT 1 FROM scan_revision x WHERE x.agent_id = s.agent_id AND x.line_id = s.line_id AND x.scanned_at = s.scanned_at AND x.ingested_at <= ? AND x.revision <> s.revision)
