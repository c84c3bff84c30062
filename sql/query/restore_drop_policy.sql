DELETE FROM policy WHERE policy_id = ?
