SELECT target, next_seq, told_seq, owner, CAST(COALESCE(lease_until > UTC_TIMESTAMP(6), 0) AS SIGNED) FROM export_cursor ORDER BY target
