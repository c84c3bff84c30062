UPDATE export_cursor SET fence = ?, owner = ?, lease_until = UTC_TIMESTAMP(6) + INTERVAL ? SECOND
WHERE target = ? AND (owner = '' OR owner = ? OR lease_until < UTC_TIMESTAMP(6))
