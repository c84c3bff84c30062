SELECT policy_id FROM policy WHERE id = ? AND version = ? ORDER BY n_checks DESC
