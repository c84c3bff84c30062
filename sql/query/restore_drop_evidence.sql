DELETE FROM evidence WHERE hash = ?
