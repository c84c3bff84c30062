SELECT d.hash, d.records, d.words, d.base, s.policy_id, s.agent_id, s.line_id, TIMESTAMPDIFF(SECOND, '1970-01-01', s.scanned_at)
FROM scan s JOIN detail_set d ON d.hash = s.detail_set AND d.words <> ''
WHERE s.agent_id >= ? AND (s.agent_id > ? OR (s.agent_id = ? AND (s.line_id > ? OR (s.line_id = ? AND s.scanned_at > ?))))
ORDER BY s.agent_id, s.line_id, s.scanned_at LIMIT 200
