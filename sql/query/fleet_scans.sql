SELECT s.agent_id, TIMESTAMPDIFF(SECOND, '1970-01-01', s.scanned_at), s.policy_id, s.profile, s.format, s.engine,
  s.n_pass, s.n_fixed, s.n_fail, s.n_error, s.n_unknown, s.n_notchecked, s.n_notapplicable, s.n_informational,
  s.n_notselected, s.n_waived, s.reported_score, s.flags, s.file_sha256, s.detail_set, s.n_vec, s.vec,
  TIMESTAMPDIFF(SECOND, '1970-01-01', s.ingested_at), s.score, s.line_id, TIMESTAMPDIFF(SECOND, '1970-01-01', s.started_at)
FROM (SELECT agent_id, line_id, MAX(scanned_at) AS newest FROM scan
      WHERE (? OR agent_id = ?) AND scanned_at >= ? AND scanned_at < ? GROUP BY agent_id, line_id) w
STRAIGHT_JOIN scan s
  ON w.agent_id = s.agent_id AND w.line_id = s.line_id AND w.newest = s.scanned_at
