SELECT agent_id, alias FROM enrolment_alias ORDER BY alias
