SELECT c.target, TIMESTAMPDIFF(SECOND, '1970-01-01', l.ts) FROM export_cursor c JOIN audit_log l ON l.seq = c.next_seq
WHERE c.last_ok IS NULL OR c.last_ok >= ? ORDER BY c.next_seq, c.target LIMIT 1
