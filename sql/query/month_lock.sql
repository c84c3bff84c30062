UPDATE month_lock SET n = n + 1 WHERE chunk = ?
