SELECT width, hashes FROM audit_tile WHERE level = ? AND idx = ?
