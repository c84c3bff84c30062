SELECT c.agent_id, p.id, p.title, s.profile
FROM enrolment e JOIN agent_current c ON c.agent_id = e.agent_id
JOIN scan s ON s.agent_id = c.agent_id AND s.line_id = c.line_id AND s.scanned_at = c.scanned_at
JOIN policy p ON p.policy_id = s.policy_id
WHERE e.frozen = 1
