SELECT agent_id, line_id, month FROM month_state WHERE next_month <= month OR month < 200001 OR chunk <> agent_id >> 59 LIMIT 1
