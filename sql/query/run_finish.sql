UPDATE report_run SET state = ?, report_id = ?, dataset_hex = ?, manifest_hex = ?, reason = ?, changed = ?
WHERE definition = ? AND period_key = ? AND token = ? AND state = 'claimed'
