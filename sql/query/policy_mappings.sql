SELECT k.pos, m.framework, m.edition, m.control
FROM policy_check k JOIN check_mapping m ON m.text_hash = k.text_hash WHERE k.policy_id = ? ORDER BY k.pos, m.n
