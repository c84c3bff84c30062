SELECT event, TIMESTAMPDIFF(SECOND, '1970-01-01', ts), object_id, outcome, rec
FROM audit_log
WHERE event IN ('ingest.file', 'ingest.nothing', 'ingest.unchanged') AND ts >= ? AND ts < ?
ORDER BY seq
