DELETE FROM `{table}`
