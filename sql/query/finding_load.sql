SELECT check_hash, text_hash, status, severity, occurrences, evidence, waiver,
  TIMESTAMPDIFF(SECOND, '1970-01-01', since), native
FROM finding WHERE agent_id = ? AND line_id = ?
