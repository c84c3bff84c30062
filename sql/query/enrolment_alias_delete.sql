DELETE FROM enrolment_alias WHERE agent_id = ?
