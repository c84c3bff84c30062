SELECT records, words FROM detail_set WHERE hash = ?
