SELECT leaf FROM audit_log WHERE seq >= ? ORDER BY seq LIMIT ?
