UPDATE scan SET policy_id = ?,
  n_pass = ?, n_fixed = ?, n_fail = ?, n_error = ?, n_unknown = ?, n_notchecked = ?, n_notapplicable = ?, n_informational = ?,
  n_notselected = ?, n_waived = ?, score = ?, flags = ?, content_hash = ?, detail_set = ?, n_vec = ?, vec = ?, said = ?
WHERE agent_id = ? AND line_id = ? AND scanned_at = ?
