SELECT 1 FROM scan WHERE scanned_at >= ? AND scanned_at < ? LIMIT 999, 1
