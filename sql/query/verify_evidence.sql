SELECT hash, body FROM evidence ORDER BY hash
