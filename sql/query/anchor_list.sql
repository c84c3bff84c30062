SELECT origin, size, note, tsr FROM audit_anchor
ORDER BY size, origin
