SELECT COUNT(*) FROM month_state WHERE chunk = ? AND month > ?
