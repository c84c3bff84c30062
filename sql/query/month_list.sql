SELECT month, COUNT(*) FROM month_close GROUP BY month ORDER BY month
