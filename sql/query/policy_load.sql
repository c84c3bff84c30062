SELECT id, version, title, n_checks, content_hash FROM policy WHERE policy_id = ?
