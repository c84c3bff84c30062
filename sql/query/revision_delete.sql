DELETE FROM scan_revision WHERE agent_id = ? AND line_id = ? AND scanned_at = ? AND revision = ?
