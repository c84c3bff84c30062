SELECT state, report_id, dataset_hex, manifest_hex FROM report_run WHERE definition = ? AND period_key = ?
