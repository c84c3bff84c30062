SELECT agent_id, policy_id, TIMESTAMPDIFF(SECOND, '1970-01-01', scanned_at) FROM scan WHERE file_sha256 = ?
UNION ALL SELECT agent_id, policy_id, TIMESTAMPDIFF(SECOND, '1970-01-01', scanned_at) FROM scan_revision WHERE file_sha256 = ?
