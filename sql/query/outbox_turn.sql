UPDATE outbox SET state = ?, since = ?, retry_at = NULL, ended = NULL
WHERE letter_id = ? AND state = ? AND (owner = '' OR lease_until < UTC_TIMESTAMP(6))
