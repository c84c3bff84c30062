SELECT policy_id, id FROM policy
