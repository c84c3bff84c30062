UPDATE export_cursor SET lease_until = UTC_TIMESTAMP(6) + INTERVAL ? SECOND WHERE target = ? AND fence = ?
