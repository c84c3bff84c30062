SELECT seq, rec FROM audit_log WHERE event IN ('audit.export', 'export.skip') AND object_id = ? ORDER BY seq DESC LIMIT 1
