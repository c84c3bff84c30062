SELECT hash, records, words FROM detail_set ORDER BY hash
