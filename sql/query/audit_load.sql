SELECT seq, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', ts), event, object_type, object_id, outcome, leaf, rec
FROM audit_log WHERE seq >= ? ORDER BY seq LIMIT ?
