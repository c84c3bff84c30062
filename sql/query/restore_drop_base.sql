DELETE FROM detail_base WHERE hash = ?
