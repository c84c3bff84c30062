SELECT target, next_seq FROM export_cursor WHERE next_seq < ? ORDER BY next_seq, target
