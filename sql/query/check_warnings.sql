SELECT w.sha256, w.kind, w.place, w.text FROM input i JOIN input_warning w ON w.sha256 = i.sha256
WHERE i.received BETWEEN ? AND ? ORDER BY w.sha256, w.n
