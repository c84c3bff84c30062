UPDATE export_cursor SET next_seq = ? WHERE target = ? AND next_seq = ?
