SELECT seq FROM audit_log WHERE seq >= ? AND ts >= ? ORDER BY seq LIMIT 1
