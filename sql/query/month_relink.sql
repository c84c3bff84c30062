UPDATE month_state p JOIN (SELECT agent_id, line_id, month, LEAD(month) OVER (PARTITION BY agent_id, line_id ORDER BY month) AS following
  FROM month_state WHERE chunk = ?) n ON n.agent_id = p.agent_id AND n.line_id = p.line_id AND n.month = p.month
SET p.next_month = COALESCE(n.following, 999999) WHERE p.chunk = ? AND p.next_month <> COALESCE(n.following, 999999)
