DELETE FROM check_text WHERE text_hash = ?
