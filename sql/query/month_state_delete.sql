DELETE FROM month_state WHERE month = ? AND chunk = ?
