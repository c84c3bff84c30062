SELECT {columns} FROM `{table}`
