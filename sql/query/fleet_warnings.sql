SELECT DISTINCT w.kind, w.place, w.text FROM input_warning w JOIN scan s ON s.file_sha256 = w.sha256
WHERE s.scanned_at >= ? AND s.scanned_at < ? ORDER BY w.kind, w.place, w.text LIMIT 1000
