UPDATE scan SET standing = ? WHERE agent_id = ? AND line_id = ? AND scanned_at = ?
