UPDATE audit_head SET size = ?, last = ? WHERE one = 1 AND size = ?
