SELECT hash, records, words, base FROM detail_set
