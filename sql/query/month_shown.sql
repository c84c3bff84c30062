SELECT s.agent_id, TIMESTAMPDIFF(SECOND, '1970-01-01', s.scanned_at), s.policy_id, s.profile, s.format, s.engine,
  s.n_pass, s.n_fixed, s.n_fail, s.n_error, s.n_unknown, s.n_notchecked, s.n_notapplicable, s.n_informational,
  s.n_notselected, s.n_waived, s.reported_score, s.flags, s.file_sha256, s.detail_set, s.n_vec, s.vec,
  TIMESTAMPDIFF(SECOND, '1970-01-01', s.ingested_at), s.score, s.line_id, TIMESTAMPDIFF(SECOND, '1970-01-01', s.started_at),
  s.content_hash, s.said, s.revision, s.standing, m.scan_digest
FROM month_state m JOIN scan s ON s.agent_id = m.agent_id AND s.line_id = m.line_id AND s.scanned_at = m.scanned_at
WHERE m.chunk = ? AND m.month <= ? AND m.next_month > ? AND m.scanned_at >= ? AND (? OR m.agent_id = ?)
