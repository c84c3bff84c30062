SELECT check_hash, TIMESTAMPDIFF(SECOND, '1970-01-01', changed_at), CAST(old_status AS SIGNED), CAST(new_status AS SIGNED)
FROM result_change WHERE agent_id = ? AND line_id = ? AND changed_at <= ? ORDER BY check_hash, changed_at
