SELECT next_seq FROM export_cursor WHERE target = ?
