INSERT INTO input (sha256, name, format, verdict, reason, host, size, received, n_scans, custody)
VALUES
-- rows --
ON DUPLICATE KEY UPDATE name = IF(verdict = 'stored', name, VALUES(name)),
  format = IF(verdict = 'stored', format, VALUES(format)),
  reason = IF(verdict = 'stored', reason, VALUES(reason)),
  host = IF(verdict = 'stored', host, VALUES(host)),
  n_scans = IF(verdict = 'stored', n_scans, VALUES(n_scans)),
  custody = IF(verdict = 'stored', custody, VALUES(custody)),
  verdict = IF(verdict = 'stored', verdict, VALUES(verdict))
