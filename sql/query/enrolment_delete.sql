DELETE FROM enrolment WHERE agent_id = ?
