UPDATE export_cursor SET attempts = 0, deaths = 0, retry_at = NULL, failing_since = NULL, last_error = '',
  lease_until = UTC_TIMESTAMP(6) + INTERVAL ? SECOND
WHERE target = ? AND fence = ?
