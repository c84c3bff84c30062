SELECT DISTINCT COALESCE(y.table_version, '') AS version
FROM policy_check k LEFT JOIN check_category y ON y.text_hash = k.text_hash WHERE k.policy_id = ? ORDER BY version
