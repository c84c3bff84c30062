UPDATE month_state p JOIN month_state n ON n.agent_id = p.agent_id AND n.line_id = p.line_id AND n.month = ?
SET p.next_month = n.month WHERE p.chunk = ? AND p.month < ? AND p.next_month > ?
