INSERT IGNORE INTO export_cursor (target, next_seq) VALUES (?, 0)
