SELECT policy_id FROM policy
