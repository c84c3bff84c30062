UPDATE export_cursor SET attempts = 0, deaths = 0, retry_at = NULL, lease_until = UTC_TIMESTAMP(6) + INTERVAL ? SECOND
WHERE target = ? AND fence = ?
