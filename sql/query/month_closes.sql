SELECT month, chunk, n_states, states, n_scans, points FROM month_close WHERE month = ? ORDER BY chunk
