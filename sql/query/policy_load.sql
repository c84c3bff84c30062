SELECT id, version, title, n_checks FROM policy WHERE policy_id = ?
