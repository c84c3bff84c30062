INSERT INTO result_change (agent_id, line_id, check_hash, changed_at, old_status, new_status) VALUES
-- rows --
ON DUPLICATE KEY UPDATE old_status = VALUES(old_status), new_status = VALUES(new_status)
