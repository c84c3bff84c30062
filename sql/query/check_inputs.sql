SELECT sha256, name, format, verdict, reason, host, size, TIMESTAMPDIFF(SECOND, '1970-01-01', received), n_scans, custody
FROM input WHERE received BETWEEN ? AND ?
