INSERT INTO month_close (month, chunk, n_states, states, n_scans, points) VALUES
-- rows --
