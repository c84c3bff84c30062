INSERT INTO month_points (month, chunk, piece, body) VALUES
-- rows --
