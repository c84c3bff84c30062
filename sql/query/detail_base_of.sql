SELECT hash, policy_id, body FROM detail_base WHERE policy_id = ? ORDER BY hash
