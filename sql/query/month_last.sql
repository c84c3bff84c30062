SELECT MAX(month) FROM month_close
