SELECT n_states, states, n_scans, points FROM month_close WHERE month = ? AND chunk = ?
