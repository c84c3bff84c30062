SELECT policy_id, id, n_checks FROM policy
