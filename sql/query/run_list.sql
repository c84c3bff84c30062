SELECT period_key, state, host, report_id, dataset_hex, manifest_hex, TIMESTAMPDIFF(SECOND, '1970-01-01', changed), reason,
  lease_until < UTC_TIMESTAMP()
FROM report_run WHERE definition = ? ORDER BY period_key
