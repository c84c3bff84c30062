SELECT letter_id, recipient, destination, definition, report_id, version, language, title, dir, host, manifest_sha256, state,
  TIMESTAMPDIFF(SECOND, '1970-01-01', queued), TIMESTAMPDIFF(SECOND, '1970-01-01', since), attempts,
  TIMESTAMPDIFF(SECOND, '1970-01-01', retry_at), TIMESTAMPDIFF(SECOND, '1970-01-01', ended), owner,
  lease_until >= UTC_TIMESTAMP(6), error, answer, sent_sha256
FROM outbox WHERE state IN ('waiting', ?, ?, ?) ORDER BY queued, letter_id
