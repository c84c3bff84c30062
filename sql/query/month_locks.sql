SELECT chunk, n FROM month_lock ORDER BY chunk
