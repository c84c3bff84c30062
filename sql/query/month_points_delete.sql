DELETE FROM month_points WHERE month = ? AND chunk = ?
