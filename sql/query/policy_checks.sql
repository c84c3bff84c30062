SELECT check_hash, text_hash FROM policy_check WHERE policy_id = ? ORDER BY pos
