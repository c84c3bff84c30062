SELECT TIMESTAMPDIFF(SECOND, '1970-01-01', MIN(scanned_at)) FROM scan_revision WHERE scanned_at >= ?
