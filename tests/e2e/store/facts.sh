#!/usr/bin/env bash
# What was stored is changed behind the program's back, the audit log left as it is: scans, and what they are printed with.
# One line an attack: name, what is named, exit status of a report and of the doctor (- = not asked), statements.
. "$(dirname "$0")/../lib/lib.sh"
need jq mariadb mariadbd mariadb-install-db
[ -f "$SRC/sql/schema/015-facts.sql" ] || skip "no facts are recorded yet"
. "$SRC/tests/e2e/lib/facts.sh"
site

# ---- one scan

attack "counts" db01 65 - "UPDATE scan SET n_pass = n_pass + n_fail, n_fail = 0 WHERE $newest"
attack "the vector" db01 65 - "UPDATE scan SET vec = REPEAT(x'11', LENGTH(vec)) WHERE $newest"
attack "counts, vector and score" db01 65 - "UPDATE scan SET vec = REPEAT(x'11', LENGTH(vec)), n_pass = n_pass + n_fail, n_fail = 0, score = 10000 WHERE $newest"
attack "counts, vector and score of a scan in between" db01 65 - "UPDATE scan SET vec = REPEAT(x'11', LENGTH(vec)), n_pass = n_pass + n_fail, n_fail = 0, score = 10000 WHERE $middle"
attack "the score" db01 65 - "UPDATE scan SET score = 10000 WHERE $newest"
attack "the score of the scanner" db01 65 - "UPDATE scan SET reported_score = 100 WHERE $newest"
attack "the score gone" db01 65 - "UPDATE scan SET score = NULL WHERE $newest"
attack "failures waived" db01 65 - "UPDATE scan SET vec = CONCAT(x'AAAA', SUBSTRING(vec, 3)), n_waived = n_fail, n_fail = 0, score = 10000 WHERE $newest"
attack "two checks swapped" db01 65 - "UPDATE scan SET vec = x'13131111' WHERE agent_id = $db AND line_id = $linux"
attack "flags" app01 65 - "UPDATE scan SET flags = flags ^ 1 WHERE agent_id = $app AND line_id = $linux AND scanned_at > '2026-11-01'"
attack "the time it began" db01 65 - "UPDATE scan SET started_at = started_at - INTERVAL 1 DAY WHERE $newest"
attack "the time it came" db01 65 - "UPDATE scan SET ingested_at = ingested_at - INTERVAL 1 DAY WHERE $newest"
attack "the scanner" db01 65 - "UPDATE scan SET engine = 'another 2' WHERE $newest"
attack "the format" db01 65 - "UPDATE scan SET format = 'xccdf-1.2' WHERE $newest"
attack "the profile" db01 65 - "UPDATE scan SET profile = 'lenient' WHERE $newest"
attack "the file it came from" db01 65 - "UPDATE scan SET file_sha256 = (SELECT sha256 FROM input WHERE name LIKE '%web01-11%') WHERE $newest"
attack "the hash of its content" db01 65 - "UPDATE scan SET content_hash = REPEAT(x'00', 32) WHERE $newest"
attack "no details" db01 65 - "UPDATE scan SET detail_set = NULL WHERE $newest"
attack "the details of another" db01 65 - "UPDATE scan SET detail_set = (SELECT detail_set FROM kept.scan WHERE $web_newest) WHERE $newest"

# ---- rows that cannot be: never a number in a report

attack "four billion passed" db01 65 - "UPDATE scan SET n_pass = 4000000000 WHERE $newest"
attack "no vector" db01 65 - "UPDATE scan SET vec = '' WHERE $newest"
attack "half a vector" db01 65 - "UPDATE scan SET vec = LEFT(vec, 1) WHERE $newest"
attack "a vector of no checks" db01 65 - "UPDATE scan SET n_vec = 0 WHERE $newest"
attack "a vector of four billion checks" db01 65 - "UPDATE scan SET n_vec = 4294967295 WHERE $newest"
attack "a status that is none" db01 65 - "UPDATE scan SET vec = CONCAT(x'FF', SUBSTRING(vec, 2)) WHERE $newest"
attack "a policy that is none" db01 65 - "UPDATE scan SET policy_id = 12345 WHERE $newest"

# ---- which scans there are

attack "the newest deleted" db01 65 - "DELETE FROM scan WHERE $newest"
attack "the newest deleted, and what derives from it" db01 65 - "DELETE FROM scan WHERE $newest; UPDATE agent_current SET scanned_at = '2026-10-15 03:00:00', n_scans = n_scans - 1
    WHERE agent_id = $db AND line_id = $linux; DELETE FROM result_change WHERE agent_id = $db AND changed_at > '2026-11-01'"
attack "one in between deleted" db01 65 - "DELETE FROM scan WHERE $middle"
attack "all scans of an agent deleted" db01 65 - "DELETE FROM scan WHERE agent_id = $db; DELETE FROM agent_current WHERE agent_id = $db"
attack "all scans deleted" 'db01|app01|web01|scan' 65 - "DELETE FROM scan; DELETE FROM agent_current; DELETE FROM result_change"
attack "moved 400 days back" db01 65 - "UPDATE scan SET scanned_at = scanned_at - INTERVAL 400 DAY WHERE $newest"
attack "moved an hour" db01 65 - "UPDATE scan SET scanned_at = scanned_at - INTERVAL 1 HOUR WHERE $newest"
attack "given to another agent" 'db01|web01' 65 - "DELETE FROM scan WHERE $web_newest; UPDATE scan SET agent_id = $web WHERE $newest"
attack "two agents swapped" 'db01|web01' 65 - "UPDATE scan SET agent_id = 1 WHERE agent_id = $db; UPDATE scan SET agent_id = $db WHERE agent_id = $web; UPDATE scan SET agent_id = $web WHERE agent_id = 1"
attack "two agents swapped by their names" 'db01|web01' 65 - "UPDATE agent SET name = 'x' WHERE agent_id = $db; UPDATE agent SET name = 'db01' WHERE agent_id = $web; UPDATE agent SET name = 'web01' WHERE agent_id = $db"
attack "two policies swapped" db01 65 - "UPDATE scan SET line_id = 1 WHERE $newest; UPDATE scan SET line_id = $linux WHERE agent_id = $db AND line_id = $ssh AND scanned_at > '2026-11-01';
    UPDATE scan SET line_id = $ssh WHERE line_id = 1"
good="INSERT INTO scan SELECT * FROM kept.scan WHERE 0; CREATE TEMPORARY TABLE t AS SELECT * FROM kept.scan WHERE $newest; UPDATE t SET scanned_at = scanned_at + INTERVAL 1 HOUR, vec = REPEAT(x'11', LENGTH(vec)),
    n_pass = n_pass + n_fail, n_fail = 0, score = 10000; INSERT INTO scan SELECT * FROM t"
attack "a good one inserted an hour later" db01 65 - "$good"
attack "a good one inserted, and what derives from it" db01 65 - "$good; UPDATE agent_current SET scanned_at = '2026-11-15 04:00:00', n_scans = n_scans + 1 WHERE agent_id = $db AND line_id = $linux"

# ---- revisions: which of several scans of one second counts

rest=$(sql "SELECT GROUP_CONCAT(column_name) FROM information_schema.columns WHERE table_schema = 'assay' AND table_name = 'scan_revision' AND column_name NOT IN ('revision', 'standing')")
attack "another revision" db01 65 - "UPDATE scan SET revision = 2 WHERE $newest"
attack "another reason to count" db01 65 - "UPDATE scan SET standing = 3 WHERE $newest"
attack "a revision invented" db01 65 - "INSERT INTO scan_revision (revision, standing, $rest) SELECT 2, 4, $rest FROM scan WHERE $newest"
attack "revoked by hand" db01 65 - "INSERT INTO scan_revision (revision, standing, $rest) SELECT 1, 7, $rest FROM scan WHERE $newest; DELETE FROM scan WHERE $newest"

# ---- what derives from scans: people read it by SQL

attack "an older one called the newest" db01 - - "UPDATE agent_current SET scanned_at = '2026-09-15 03:00:00' WHERE agent_id = $db AND line_id = $linux"
attack "a better count of the newest" db01 - - "UPDATE agent_current SET n_pass = n_pass + n_fail, n_fail = 0 WHERE agent_id = $db AND line_id = $linux"
attack "no newest one" db01 - - "DELETE FROM agent_current WHERE agent_id = $db"

# ---- texts, details, evidence

attack "titles swapped" 'linux|text|Check' 65 - "UPDATE check_text SET title = IF(id = 'linux-0', 'Check 1 of linux', 'Check 0 of linux') WHERE id IN ('linux-0', 'linux-1')"
attack "texts swapped" 'linux|text|Check' 65 - "UPDATE policy_check p JOIN kept.policy_check k ON k.policy_id = p.policy_id AND k.pos = 1 - p.pos SET p.text_hash = k.text_hash WHERE p.policy_id = $linux_policy AND p.pos < 2"
attack "checks swapped" 'linux|text|Check|policy' 65 - "UPDATE policy_check p JOIN kept.policy_check k ON k.policy_id = p.policy_id AND k.pos = 1 - p.pos SET p.check_hash = k.check_hash, p.text_hash = k.text_hash WHERE p.policy_id = $linux_policy AND p.pos < 2"
attack "a remediation" 'linux|text' 65 - "UPDATE check_text SET remediation = 'Nothing needs to be done.' WHERE id = 'linux-0'"
attack "a severity" 'linux|text' 65 - "UPDATE check_text SET severity = 1 WHERE id = 'linux-0'"
attack "a category" 'linux|text|categor' 65 - "UPDATE check_text SET category = 'Malware Defenses' WHERE id = 'linux-0'"
attack "a requirement" 'linux|mapping|text|8\.1' 65 - "UPDATE check_mapping SET control = '1.1' WHERE control = '8.1'"
attack "requirements gone" 'linux|mapping|text|8\.' 65 - "DELETE FROM check_mapping"
attack "a text gone" 'linux|text' 65 - "DELETE FROM check_text WHERE id = 'linux-0'"
attack "policy_check emptied" 'linux|ssh|polic' 65 - "DELETE FROM policy_check"
attack "the policy's title" 'linux|House' 65 - "UPDATE policy SET title = 'Another benchmark' WHERE id = 'linux'"
attack "the policy's version" linux 65 - "UPDATE policy SET version = '2' WHERE id = 'linux'"
attack "the policy gone" 'linux|db01|polic' 65 - "DELETE FROM policy WHERE id = 'linux'"
attack "evidence" 'detail|db01' 65 - "UPDATE detail_base SET body = REPLACE(body, 'seen on', 'Seen on')"
attack "evidence, and the base renamed" 'detail|db01' 65 - "UPDATE detail_base SET body = REPLACE(body, 'seen on', 'Seen on'); UPDATE detail_base SET hash = UNHEX(LEFT(SHA2(CONCAT(x'0000000000000004', 'base', x'0000000000000008',
    UNHEX(LPAD(HEX(policy_id), 16, '0')), UNHEX(LPAD(HEX(LENGTH(body)), 16, '0')), body), 256), 32)); UPDATE detail_set SET base = (SELECT MAX(hash) FROM detail_base) WHERE base IS NOT NULL"
attack "evidence gone" 'detail|db01' 65 - "DELETE FROM detail_base"
attack "a finding taken out of details" 'detail|db01' 65 - "UPDATE detail_set SET records = COMPRESS(INSERT(UNCOMPRESS(records), 8, 1, x'00'))"
attack "details emptied" 'detail|db01' 65 - "UPDATE detail_set SET records = ''"
attack "details gone" 'detail|db01' 65 - "DELETE FROM detail_set"
attack "words of details" 'detail|app01|db01' 65 - "UPDATE detail_set SET words = CONCAT(words, x'000000')"
done_tests
