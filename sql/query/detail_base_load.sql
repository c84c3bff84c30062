SELECT hash, policy_id, body FROM detail_base WHERE hash = ?
