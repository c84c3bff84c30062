SELECT body FROM evidence WHERE hash = ?
