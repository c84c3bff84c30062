SHOW VARIABLES WHERE Variable_name IN ('max_allowed_packet', 'innodb_buffer_pool_size', 'log_bin', 'binlog_format',
  'transaction_isolation', 'tx_isolation', 'sql_mode')
