SELECT month FROM month_close WHERE chunk = ? AND month BETWEEN ? AND ? ORDER BY month
