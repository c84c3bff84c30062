SELECT agent_id, line_id FROM scan FORCE INDEX (k_time) WHERE scanned_at < ?
GROUP BY agent_id, line_id HAVING COUNT(*) > 1 AND MAX(scanned_at) >= ? ORDER BY agent_id, line_id
