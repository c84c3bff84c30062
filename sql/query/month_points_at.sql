SELECT body FROM month_points WHERE month = ? AND chunk = ? ORDER BY piece
