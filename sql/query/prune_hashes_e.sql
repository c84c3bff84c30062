SELECT hash FROM evidence WHERE hash > ? ORDER BY hash LIMIT ?
