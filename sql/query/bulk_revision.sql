INSERT INTO scan_revision (agent_id, line_id, scanned_at, policy_id, profile, format, engine, started_at, ingested_at,
  n_pass, n_fixed, n_fail, n_error, n_unknown, n_notchecked, n_notapplicable, n_informational,
  n_notselected, n_waived, score, reported_score, flags, file_sha256, content_hash, detail_set, n_vec, vec, said, revision, standing) VALUES
-- rows --
