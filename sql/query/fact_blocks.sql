SELECT first, n, seq, entries FROM fact WHERE bucket = ? AND first >= ? ORDER BY first LIMIT ?
