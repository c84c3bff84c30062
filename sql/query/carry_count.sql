SELECT COUNT(*), CAST(COALESCE(SUM(LENGTH(records) + LENGTH(words)), 0) AS SIGNED) FROM detail_set WHERE words <> ''
