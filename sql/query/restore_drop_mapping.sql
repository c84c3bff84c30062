DELETE FROM check_mapping WHERE text_hash = ?
