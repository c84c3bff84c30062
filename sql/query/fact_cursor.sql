SELECT told_seq FROM export_cursor WHERE target = ? AND told_seq > 0
