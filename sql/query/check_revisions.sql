SELECT agent_id, line_id, TIMESTAMPDIFF(SECOND, '1970-01-01', scanned_at), policy_id, profile, format, engine,
  TIMESTAMPDIFF(SECOND, '1970-01-01', started_at), TIMESTAMPDIFF(SECOND, '1970-01-01', ingested_at),
  n_pass, n_fixed, n_fail, n_error, n_unknown, n_notchecked, n_notapplicable, n_informational,
  n_notselected, n_waived, score, reported_score, flags, file_sha256, content_hash, detail_set, n_vec, vec, said, revision, standing
FROM scan_revision WHERE (? OR agent_id = ?) AND scanned_at BETWEEN ? AND ?
