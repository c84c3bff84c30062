SELECT s.agent_id, s.line_id, TIMESTAMPDIFF(SECOND, '1970-01-01', s.scanned_at) FROM scan s
WHERE (? OR s.agent_id = ?) AND s.scanned_at >= ? AND s.scanned_at < ? AND s.ingested_at > ?
  AND (SELECT COUNT(*) FROM scan_revision r WHERE r.agent_id = s.agent_id AND r.line_id = s.line_id AND r.scanned_at = s.scanned_at AND r.ingested_at <= ?) = 1
