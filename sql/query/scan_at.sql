SELECT TIMESTAMPDIFF(SECOND, '1970-01-01', scanned_at), policy_id, n_vec, vec, detail_set, flags, content_hash, said,
  file_sha256, revision, standing, n_pass, n_fixed, n_fail, n_error, n_unknown, n_notchecked, n_notapplicable, n_informational,
  n_notselected, n_waived
FROM scan WHERE agent_id = ? AND line_id = ? AND scanned_at = ?
