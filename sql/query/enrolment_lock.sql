SELECT agent_id, name, frozen, TIMESTAMPDIFF(SECOND, '1970-01-01', added),
  TIMESTAMPDIFF(SECOND, '1970-01-01', changed)
FROM enrolment ORDER BY name FOR UPDATE
