INSERT IGNORE INTO report_run (definition, period_key, state, token, lease_until, host, report_id, dataset_hex,
  manifest_hex, changed)
VALUES (?, ?, 'claimed', ?, UTC_TIMESTAMP() + INTERVAL ? SECOND, ?, '', '', '', UTC_TIMESTAMP())
