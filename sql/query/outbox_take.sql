UPDATE outbox SET fence = ?, owner = ?, lease_until = UTC_TIMESTAMP(6) + INTERVAL ? SECOND
WHERE letter_id = ? AND state = 'waiting' AND (retry_at IS NULL OR retry_at <= ?)
  AND (owner = '' OR owner = ? OR lease_until < UTC_TIMESTAMP(6))
