SET SESSION innodb_lock_wait_timeout = 30, SESSION lock_wait_timeout = 30
