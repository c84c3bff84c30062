UPDATE report_run SET lease_until = UTC_TIMESTAMP() + INTERVAL ? SECOND WHERE token = ? AND state = 'claimed'
