SELECT COUNT(*) FROM scan WHERE scanned_at >= ? AND scanned_at < ?
