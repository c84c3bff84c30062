SELECT name, format, verdict, reason, TIMESTAMPDIFF(SECOND, '1970-01-01', received), n_scans, custody FROM input WHERE sha256 = ?
