UPDATE export_cursor SET deaths = IF(next_seq = ? AND piece = ?, deaths, 0), next_seq = ?, piece = ?, told_seq = ?, last_ok = COALESCE(?, last_ok),
  lease_until = UTC_TIMESTAMP(6) + INTERVAL ? SECOND
WHERE target = ? AND fence = ?
