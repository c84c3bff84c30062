SELECT size, last FROM audit_head WHERE one = 1 FOR UPDATE
