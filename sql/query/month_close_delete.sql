DELETE FROM month_close WHERE month = ? AND chunk = ?
