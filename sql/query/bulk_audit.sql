INSERT INTO audit_log (seq, ts, event, object_type, object_id, outcome, leaf, rec) VALUES
-- rows --
