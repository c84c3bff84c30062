SELECT rec IS NULL FROM audit_log WHERE seq = ?
