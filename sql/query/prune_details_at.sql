SELECT detail_set FROM scan WHERE agent_id = ? AND line_id = ? AND scanned_at = ? AND detail_set IS NOT NULL
UNION ALL SELECT detail_set FROM scan_revision WHERE agent_id = ? AND line_id = ? AND scanned_at = ? AND detail_set IS NOT NULL
