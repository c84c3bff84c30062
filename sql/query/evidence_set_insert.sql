INSERT IGNORE INTO evidence_set (hash, refs) VALUES (?, ?)
