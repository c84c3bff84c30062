SELECT bucket, first, n, seq, entries FROM fact WHERE seq <= ? ORDER BY bucket, first
