SELECT refs FROM evidence_set WHERE hash = ?
