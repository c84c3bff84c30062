DELETE FROM policy_check WHERE policy_id = ?
