SELECT next_seq, piece, told_seq, owner, TIMESTAMPDIFF(SECOND, '1970-01-01', lease_until), attempts,
  TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(6), retry_at), TIMESTAMPDIFF(SECOND, '1970-01-01', failing_since), last_error,
  TIMESTAMPDIFF(SECOND, '1970-01-01', last_ok), deaths
FROM export_cursor WHERE target = ?
