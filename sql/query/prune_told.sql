SELECT bucket, entries FROM fact WHERE seq >= ? ORDER BY seq
