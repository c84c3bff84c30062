SELECT origin, size, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', made), note FROM audit_checkpoint
ORDER BY size, origin
