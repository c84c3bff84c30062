SELECT bucket, n, head FROM fact_bucket ORDER BY bucket
