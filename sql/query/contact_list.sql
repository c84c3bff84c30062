SELECT agent_id, TIMESTAMPDIFF(SECOND, '1970-01-01', MAX(heard))
FROM (SELECT agent_id, last_contact AS heard FROM agent_contact UNION ALL SELECT agent_id, last_seen FROM agent) c
GROUP BY agent_id
