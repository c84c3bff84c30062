DELETE FROM scan_revision WHERE agent_id = ? AND line_id = ? AND scanned_at BETWEEN ? AND ? AND EXISTS (SELECT 1 FROM scan s
  WHERE s.agent_id = scan_revision.agent_id AND s.line_id = scan_revision.line_id AND s.scanned_at = scan_revision.scanned_at)
