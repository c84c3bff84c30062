INSERT INTO audit_tile (level, idx, width, hashes) VALUES
-- rows --
ON DUPLICATE KEY UPDATE width = VALUES(width), hashes = VALUES(hashes)
