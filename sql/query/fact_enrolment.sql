SELECT name, frozen FROM enrolment WHERE agent_id = ?
