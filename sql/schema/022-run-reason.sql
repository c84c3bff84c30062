-- Why a report could not be made, for who asks how it stands with the schedule. The audit log has it, too: no fact of its own.
ALTER TABLE report_run ADD COLUMN reason VARCHAR(500) NOT NULL DEFAULT '';
