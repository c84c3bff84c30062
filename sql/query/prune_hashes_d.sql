SELECT hash FROM detail_set WHERE hash > ? ORDER BY hash LIMIT ?
