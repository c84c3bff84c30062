UPDATE export_cursor SET next_seq = ?, piece = ?, told_seq = ?, last_ok = COALESCE(?, last_ok),
  lease_until = UTC_TIMESTAMP(6) + INTERVAL ? SECOND
WHERE target = ? AND fence = ?
