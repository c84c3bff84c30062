-- Accounts with no more rights than they need, on a server of your own: for MariaDB 10.6+ and MySQL 8+, to be
-- run by an administrator after assay init, and again after an upgrade. `assay init --grants` prints it with
-- the name of your database. Documented in doc/database.md.
--
-- Then make the accounts and give each its role, for example:
--   CREATE USER assay@'10.0.0.%' IDENTIFIED BY '...' REQUIRE SSL;
--   GRANT assay_run TO assay@'10.0.0.%';
--   SET DEFAULT ROLE assay_run FOR assay@'10.0.0.%';       -- MySQL: SET DEFAULT ROLE assay_run TO assay@...

CREATE ROLE IF NOT EXISTS assay_admin;
CREATE ROLE IF NOT EXISTS assay_run;
CREATE ROLE IF NOT EXISTS assay_report;
CREATE ROLE IF NOT EXISTS assay_siem;

-- assay_admin: assay init (schema), assay restore (into an empty database), assay audit prune (the only act that changes a record of the log).
GRANT ALL ON `assay`.* TO assay_admin;

-- assay_run: assay run, ingest, report, agent, audit. Records of the audit log are written and read, no more.
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.agent TO assay_run;
GRANT SELECT, INSERT, UPDATE ON `assay`.agent_contact TO assay_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.agent_current TO assay_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.agent_group TO assay_run;
GRANT SELECT, INSERT, UPDATE ON `assay`.agent_usage TO assay_run;
GRANT SELECT, INSERT, UPDATE ON `assay`.audit_anchor TO assay_run;
GRANT SELECT, INSERT, UPDATE ON `assay`.audit_checkpoint TO assay_run;
GRANT SELECT, UPDATE ON `assay`.audit_head TO assay_run;
GRANT SELECT, INSERT ON `assay`.audit_log TO assay_run;
GRANT SELECT, INSERT, UPDATE ON `assay`.audit_tile TO assay_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.check_category TO assay_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.check_mapping TO assay_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.check_text TO assay_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.detail_base TO assay_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.detail_set TO assay_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.enrolment TO assay_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.enrolment_alias TO assay_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.evidence TO assay_run;
GRANT SELECT, INSERT, UPDATE ON `assay`.export_cursor TO assay_run;
GRANT SELECT, INSERT, UPDATE ON `assay`.export_deadletter TO assay_run;
GRANT SELECT, INSERT ON `assay`.fact TO assay_run;
GRANT SELECT, INSERT, UPDATE ON `assay`.fact_bucket TO assay_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.input TO assay_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.input_warning TO assay_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.late_delta TO assay_run;
GRANT SELECT, INSERT, DELETE ON `assay`.month_close TO assay_run;
GRANT SELECT, UPDATE ON `assay`.month_lock TO assay_run;
GRANT SELECT, INSERT, DELETE ON `assay`.month_points TO assay_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.month_state TO assay_run;
GRANT SELECT, INSERT, UPDATE ON `assay`.outbox TO assay_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.policy TO assay_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.policy_check TO assay_run;
GRANT SELECT, INSERT, UPDATE ON `assay`.report_run TO assay_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.result_change TO assay_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.scan TO assay_run;
GRANT SELECT, INSERT, UPDATE, DELETE ON `assay`.scan_revision TO assay_run;
GRANT SELECT ON `assay`.schema_version TO assay_run;
GRANT SELECT, INSERT, UPDATE ON `assay`.setting TO assay_run;
GRANT SELECT, SHOW VIEW ON `assay`.v_audit TO assay_run;
GRANT SELECT, SHOW VIEW ON `assay`.v_audit_checkpoint TO assay_run;
GRANT SELECT, SHOW VIEW ON `assay`.v_changes TO assay_run;
GRANT SELECT, SHOW VIEW ON `assay`.v_findings TO assay_run;
GRANT SELECT, SHOW VIEW ON `assay`.v_inputs TO assay_run;
GRANT SELECT, SHOW VIEW ON `assay`.v_latest TO assay_run;
GRANT SELECT, SHOW VIEW ON `assay`.v_month_scores TO assay_run;
GRANT SELECT, SHOW VIEW ON `assay`.v_scan_result TO assay_run;
GRANT SELECT, SHOW VIEW ON `assay`.v_scan_revision TO assay_run;
GRANT SELECT, SHOW VIEW ON `assay`.v_scores TO assay_run;

-- assay_report: assay report, verify, audit verify, on a host that takes in nothing. It reads, and writes down
-- in the audit log what it made.
GRANT SELECT ON `assay`.agent TO assay_report;
GRANT SELECT ON `assay`.agent_contact TO assay_report;
GRANT SELECT ON `assay`.agent_current TO assay_report;
GRANT SELECT ON `assay`.agent_group TO assay_report;
GRANT SELECT ON `assay`.agent_usage TO assay_report;
GRANT SELECT, INSERT, UPDATE ON `assay`.audit_anchor TO assay_report;
GRANT SELECT, INSERT, UPDATE ON `assay`.audit_checkpoint TO assay_report;
GRANT SELECT, UPDATE ON `assay`.audit_head TO assay_report;
GRANT SELECT, INSERT ON `assay`.audit_log TO assay_report;
GRANT SELECT, INSERT, UPDATE ON `assay`.audit_tile TO assay_report;
GRANT SELECT ON `assay`.check_category TO assay_report;
GRANT SELECT ON `assay`.check_mapping TO assay_report;
GRANT SELECT ON `assay`.check_text TO assay_report;
GRANT SELECT ON `assay`.detail_base TO assay_report;
GRANT SELECT ON `assay`.detail_set TO assay_report;
GRANT SELECT ON `assay`.enrolment TO assay_report;
GRANT SELECT ON `assay`.enrolment_alias TO assay_report;
GRANT SELECT ON `assay`.evidence TO assay_report;
GRANT SELECT ON `assay`.export_cursor TO assay_report;
GRANT SELECT ON `assay`.export_deadletter TO assay_report;
GRANT SELECT, INSERT ON `assay`.fact TO assay_report;
GRANT SELECT, INSERT, UPDATE ON `assay`.fact_bucket TO assay_report;
GRANT SELECT ON `assay`.input TO assay_report;
GRANT SELECT ON `assay`.input_warning TO assay_report;
GRANT SELECT ON `assay`.late_delta TO assay_report;
GRANT SELECT ON `assay`.month_close TO assay_report;
GRANT SELECT ON `assay`.month_lock TO assay_report;
GRANT SELECT ON `assay`.month_points TO assay_report;
GRANT SELECT ON `assay`.month_state TO assay_report;
GRANT SELECT, INSERT, UPDATE ON `assay`.outbox TO assay_report;
GRANT SELECT ON `assay`.policy TO assay_report;
GRANT SELECT ON `assay`.policy_check TO assay_report;
GRANT SELECT, INSERT, UPDATE ON `assay`.report_run TO assay_report;
GRANT SELECT ON `assay`.result_change TO assay_report;
GRANT SELECT ON `assay`.scan TO assay_report;
GRANT SELECT ON `assay`.scan_revision TO assay_report;
GRANT SELECT ON `assay`.schema_version TO assay_report;
GRANT SELECT, INSERT, UPDATE ON `assay`.setting TO assay_report;
GRANT SELECT, SHOW VIEW ON `assay`.v_audit TO assay_report;
GRANT SELECT, SHOW VIEW ON `assay`.v_audit_checkpoint TO assay_report;
GRANT SELECT, SHOW VIEW ON `assay`.v_changes TO assay_report;
GRANT SELECT, SHOW VIEW ON `assay`.v_findings TO assay_report;
GRANT SELECT, SHOW VIEW ON `assay`.v_inputs TO assay_report;
GRANT SELECT, SHOW VIEW ON `assay`.v_latest TO assay_report;
GRANT SELECT, SHOW VIEW ON `assay`.v_month_scores TO assay_report;
GRANT SELECT, SHOW VIEW ON `assay`.v_scan_result TO assay_report;
GRANT SELECT, SHOW VIEW ON `assay`.v_scan_revision TO assay_report;
GRANT SELECT, SHOW VIEW ON `assay`.v_scores TO assay_report;

-- assay_siem: a log manager that asks by SQL. It sees the records and what was signed about them, nothing else.
GRANT SELECT ON `assay`.v_audit TO assay_siem;
GRANT SELECT ON `assay`.v_audit_checkpoint TO assay_siem;
