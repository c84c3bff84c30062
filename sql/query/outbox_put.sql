INSERT INTO outbox (letter_id, recipient, destination, definition, report_id, version, language, title, dir, host, manifest_sha256,
  state, queued, since)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?)
