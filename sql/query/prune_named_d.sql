SELECT detail_set FROM scan WHERE detail_set IS NOT NULL UNION ALL SELECT detail_set FROM scan_revision WHERE detail_set IS NOT NULL
