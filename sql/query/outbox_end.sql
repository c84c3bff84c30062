UPDATE outbox SET state = ?, attempts = attempts + 1, retry_at = ?, ended = ?, error = ?, answer = ?, sent_sha256 = ?,
  owner = '', fence = 0, lease_until = NULL
WHERE letter_id = ? AND fence = ?
