UPDATE report_run SET state = 'claimed', token = ?, lease_until = UTC_TIMESTAMP() + INTERVAL ? SECOND, host = ?,
  reason = '', changed = UTC_TIMESTAMP()
WHERE definition = ? AND period_key = ?
  AND (state = 'failed' OR (state = 'claimed' AND lease_until < UTC_TIMESTAMP()))
