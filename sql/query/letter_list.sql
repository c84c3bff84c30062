SELECT target, seq, piece, state, reason, size, TIMESTAMPDIFF(SECOND, '1970-01-01', made)
FROM export_deadletter ORDER BY seq, target, piece
