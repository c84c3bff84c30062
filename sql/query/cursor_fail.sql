UPDATE export_cursor SET attempts = ?, deaths = ?, retry_at = UTC_TIMESTAMP(6) + INTERVAL ? SECOND,
  failing_since = COALESCE(failing_since, UTC_TIMESTAMP()), last_error = ?,
  lease_until = UTC_TIMESTAMP(6) + INTERVAL ? SECOND
WHERE target = ? AND fence = ?
