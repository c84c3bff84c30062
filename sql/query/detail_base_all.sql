SELECT hash, policy_id, body FROM detail_base ORDER BY hash
