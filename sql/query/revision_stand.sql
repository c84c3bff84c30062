UPDATE scan_revision SET standing = ? WHERE agent_id = ? AND line_id = ? AND scanned_at = ? AND revision = ?
