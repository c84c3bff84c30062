UPDATE detail_set SET records = ?, words = '', base = ? WHERE hash = ? AND words <> ''
