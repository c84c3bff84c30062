DELETE FROM detail_set WHERE hash = ?
