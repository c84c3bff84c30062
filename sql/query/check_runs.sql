SELECT definition, period_key, state, report_id, dataset_hex, manifest_hex FROM report_run
