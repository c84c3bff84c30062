SELECT DISTINCT agent_id FROM scan WHERE ingested_at <= ?
UNION SELECT DISTINCT agent_id FROM scan_revision WHERE ingested_at <= ?
