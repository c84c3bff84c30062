UPDATE audit_head SET swept = swept + 1 WHERE one = 1
