SELECT COUNT(*) FROM report_run WHERE state = 'failed'
