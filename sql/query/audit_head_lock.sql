SELECT size, last, swept FROM audit_head WHERE one = 1 FOR UPDATE
