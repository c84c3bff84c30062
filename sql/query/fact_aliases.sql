SELECT alias FROM enrolment_alias WHERE agent_id = ? ORDER BY alias
