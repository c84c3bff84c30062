INSERT IGNORE INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES
-- rows --
