INSERT INTO finding (agent_id, line_id, check_hash, text_hash, status, severity, native, occurrences,
  evidence, waiver, since) VALUES
-- rows --
ON DUPLICATE KEY UPDATE text_hash = VALUES(text_hash), status = VALUES(status),
  severity = VALUES(severity), native = VALUES(native), occurrences = VALUES(occurrences),
  evidence = VALUES(evidence), waiver = VALUES(waiver), since = VALUES(since)
