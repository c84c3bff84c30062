SELECT COUNT(*) FROM check_text t LEFT JOIN check_category y ON y.text_hash = t.text_hash
WHERE y.text_hash IS NULL OR y.table_version <> ?
