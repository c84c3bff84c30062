UPDATE audit_log SET rec = NULL WHERE seq >= ? AND seq < ? AND rec IS NOT NULL
