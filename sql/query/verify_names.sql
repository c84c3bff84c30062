SELECT agent_id, name, 'enrolment' FROM enrolment
UNION ALL SELECT alias_id, alias, 'enrolment_alias' FROM enrolment_alias
