#!/usr/bin/env bash
# What stands around the scans is changed behind the program's back, the audit log left as it is: files, agents, the list of
# those that may report, settings, claims, cursors, and the schema itself. One line an attack, as in facts.sh.
. "$(dirname "$0")/../lib/lib.sh"
need jq mariadb mariadbd mariadb-install-db
[ -f "$SRC/sql/schema/015-facts.sql" ] || skip "no facts are recorded yet"
. "$SRC/tests/e2e/lib/facts.sh"
site

# ---- files and how they were authenticated

attack "custody forged" 'db01' 65 - "UPDATE input SET custody = 'signed: CN=db01' WHERE name LIKE '%db01-11%'"
attack "a rejected file stored" 'lost\.data' 65 - "UPDATE input SET verdict = 'stored', reason = '' WHERE name LIKE '%lost.data'"
attack "another reason" 'lost\.data' 65 - "UPDATE input SET reason = 'a test' WHERE name LIKE '%lost.data'"
attack "rejected files removed" 'lost\.data|input|file' 65 - "DELETE FROM input WHERE verdict = 'rejected'"
attack "all files removed" 'input|file' 65 - "DELETE FROM input"
attack "a file under another name" 'db01-11' 65 - "UPDATE input SET name = 'nightly.data' WHERE name LIKE '%db01-11%'"
attack "another time of receipt" 'db01-11' 65 - "UPDATE input SET received = received - INTERVAL 3 DAY WHERE name LIKE '%db01-11%'"
attack "received in another year" 'db01-11' 65 - "UPDATE input SET received = received - INTERVAL 400 DAY WHERE name LIKE '%db01-11%'"
attack "another host" 'db01' 65 - "UPDATE input SET host = 'db02' WHERE name LIKE '%db01-11%'"
attack "another number of scans" 'db01-11' 65 - "UPDATE input SET n_scans = 1 WHERE name LIKE '%db01-11%'"
attack "another size" 'db01-11' 65 - "UPDATE input SET size = size + 1 WHERE name LIKE '%db01-11%'"
attack "a file invented" 'night\.data|input|file' 65 - "INSERT INTO input (sha256, name, format, verdict, reason, host, size, received, n_scans) VALUES (REPEAT(x'07', 32), 'night.data', 'pandora', 'stored', '', 'db01', 7, NOW(), 1)"
attack "warnings removed" 'app01' 65 - "DELETE FROM input_warning"
attack "a warning changed" 'app01' 65 - "UPDATE input_warning SET text = 'all is well'"

# ---- agents

attack "an agent renamed" 'db01|db99' 65 - "UPDATE agent SET name = 'db99' WHERE name = 'db01'"
attack "an agent deleted" 'db01|agent' 65 - "DELETE FROM agent WHERE name = 'db01'"
attack "an agent invented" 'db77' 65 - "INSERT INTO agent SELECT 77, 'db77', alias, os, address, group_id, first_seen, last_seen FROM kept.agent WHERE name = 'db01'"
attack "an alias" 'db01' 65 - "UPDATE agent SET alias = 'web01' WHERE name = 'db01'"
attack "the system" 'db01' 65 - "UPDATE agent SET os = 'Linux 13' WHERE name = 'db01'"
attack "the address" 'db01' 65 - "UPDATE agent SET address = '203.0.113.9' WHERE name = 'db01'"
attack "moved into another group" 'db01' 65 - "UPDATE agent SET group_id = (SELECT group_id FROM agent_group WHERE name = 'Servers') WHERE name = 'db01'"
attack "a group renamed" 'db01|Databases|Retired' 65 - "UPDATE agent_group SET name = 'Retired' WHERE name = 'Databases'"
attack "two groups swapped" 'db01|web01|Databases|Servers' 65 - "UPDATE agent_group SET name = IF(name = 'Servers', 'Databases', 'Servers') WHERE name IN ('Servers', 'Databases')"
attack "a group deleted" 'db01|Databases|group' 65 - "DELETE FROM agent_group WHERE name = 'Databases'"

# ---- who may report

listed="INSERT INTO enrolment (agent_id, name, frozen, added, changed) SELECT agent_id, name, 0, NOW(), NOW() FROM agent WHERE name = 'app01'"
attack "an agent put on the list" app01 - - "$listed"
attack "an agent taken off the list" web01 - - "DELETE FROM enrolment WHERE name = 'web01'"
attack "an agent frozen" web01 - - "UPDATE enrolment SET frozen = 1 WHERE name = 'web01'"
attack "an alias given" 'web01|mail' - - "INSERT INTO enrolment_alias VALUES (99, 'mail', $web)"
attack "an alias taken" 'web01|www' - - "DELETE FROM enrolment_alias"
attack "an alias given to another" 'web01|db01|www' - - "UPDATE enrolment_alias SET agent_id = $db"

# ---- settings, claims, cursors

attack "the settings, so that a change is not told" 'config' - - "UPDATE setting SET value = REPLACE(value, 'Example Ltd', 'Other Ltd') WHERE name = 'config'"
attack "the settings forgotten" 'config' - - "DELETE FROM setting WHERE name = 'config'"
attack "the versions of reports forgotten" 'setting|version|hardening|report' - - "DELETE FROM setting WHERE name <> 'config'"
attack "a report called made" 'hardening-monthly|2026-11' - - "INSERT INTO report_run SELECT definition, '2026-11', state, token, lease_until, host, 'hardening-monthly-2026-11', dataset_hex, manifest_hex, changed, reason FROM kept.report_run LIMIT 1"
attack "a made report called failed" 'hardening-monthly|2026-10' - - "UPDATE report_run SET state = 'failed' WHERE period_key = '2026-10'"
attack "another dataset" 'hardening-monthly|2026-10' - - "UPDATE report_run SET dataset_hex = REPEAT('0', 64) WHERE period_key = '2026-10'"
attack "claims forgotten" 'hardening-monthly|2026-10' - - "DELETE FROM report_run"
attack "the cursor moved on" 'siem' - - "UPDATE export_cursor SET next_seq = next_seq + 3"
attack "the cursor moved on, and what was told" 'siem' - - "UPDATE export_cursor SET next_seq = next_seq + 3, told_seq = told_seq + 3"
attack "the cursor moved back" 'siem' - - "UPDATE export_cursor SET next_seq = 4, told_seq = 4"
attack "the cursor forgotten" 'siem' - - "DELETE FROM export_cursor"

# ---- the schema

attack "a trigger that stores one host clean" 'clean_one' - 78 "CREATE TRIGGER clean_one BEFORE INSERT ON scan FOR EACH ROW SET NEW.n_pass = NEW.n_pass + NEW.n_fail, NEW.n_fail = 0" "DROP TRIGGER clean_one"
attack "an event" 'clean_all' - 78 "CREATE EVENT clean_all ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM input_warning" "DROP EVENT clean_all"
attack "a procedure" 'clean_up' - 78 "CREATE PROCEDURE clean_up() DELETE FROM input_warning" "DROP PROCEDURE clean_up"
attack "a function" 'clean_of' - 78 "CREATE FUNCTION clean_of(x INT) RETURNS INT RETURN 0" "DROP FUNCTION clean_of"
v_audit=$(sql "SELECT CONCAT('CREATE OR REPLACE VIEW v_audit AS ', view_definition) FROM information_schema.views WHERE table_schema = 'assay' AND table_name = 'v_audit'")
attack "the view that pollers read" 'v_audit' - 78 "CREATE OR REPLACE VIEW v_audit AS SELECT seq, ts, event, object_type, object_id, outcome, LOWER(HEX(leaf)) AS leaf,
    CONVERT(rec USING utf8mb4) AS record, rec IS NULL AS pruned FROM audit_log WHERE event <> 'config.change'" "$v_audit"
attack "a view gone" 'v_audit' - 78 "DROP VIEW v_audit" "$v_audit"
attack "a table in the place of a view" 'v_audit' - 78 "DROP VIEW v_audit; CREATE TABLE v_audit AS SELECT seq, ts, event FROM audit_log" "DROP TABLE v_audit; $v_audit"
attack "a column more" 'hidden' - 78 "ALTER TABLE scan ADD COLUMN hidden INT NULL" "ALTER TABLE scan DROP COLUMN hidden"
attack "a generated column" 'hidden' - 78 "ALTER TABLE scan ADD COLUMN hidden INT AS (n_pass + n_fail) VIRTUAL" "ALTER TABLE scan DROP COLUMN hidden"
attack "a column of another type" 'custody' - 78 "ALTER TABLE input MODIFY custody VARCHAR(16) NOT NULL DEFAULT 'none'" "ALTER TABLE input MODIFY custody VARCHAR(1024) NOT NULL DEFAULT 'none'"
attack "another default" 'custody' - 78 "ALTER TABLE input MODIFY custody VARCHAR(1024) NOT NULL DEFAULT 'signed'" "ALTER TABLE input MODIFY custody VARCHAR(1024) NOT NULL DEFAULT 'none'"
done_tests
