UPDATE export_cursor SET owner = '', fence = 0, lease_until = NULL WHERE target = ? AND fence = ?
