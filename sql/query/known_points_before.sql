SELECT s.agent_id, s.policy_id, TIMESTAMPDIFF(SECOND, '1970-01-01', s.scanned_at),
  s.n_pass, s.n_fixed, s.n_fail, s.n_error, s.n_unknown, s.n_notchecked, s.n_notapplicable, s.n_informational,
  s.n_notselected, s.n_waived, s.score, s.flags
FROM (SELECT x.agent_id, x.line_id, (SELECT n.scanned_at FROM scan n WHERE n.agent_id = x.agent_id AND n.line_id = x.line_id
        AND n.scanned_at < ? AND (n.ingested_at <= ? OR EXISTS (SELECT 1 FROM scan_revision r WHERE r.agent_id = n.agent_id AND r.line_id = n.line_id AND r.scanned_at = n.scanned_at AND r.ingested_at <= ?))
        ORDER BY n.scanned_at DESC LIMIT 1) AS newest
      FROM (SELECT agent_id, line_id FROM scan WHERE (? OR agent_id = ?) GROUP BY agent_id, line_id) x) w
STRAIGHT_JOIN scan s
  ON w.agent_id = s.agent_id AND w.line_id = s.line_id AND w.newest = s.scanned_at
WHERE w.newest < ? AND (s.ingested_at <= ?
  OR (SELECT COUNT(*) FROM scan_revision r WHERE r.agent_id = s.agent_id AND r.line_id = s.line_id AND r.scanned_at = s.scanned_at AND r.ingested_at <= ?) > 1)
UNION ALL
SELECT s.agent_id, s.policy_id, TIMESTAMPDIFF(SECOND, '1970-01-01', s.scanned_at),
  s.n_pass, s.n_fixed, s.n_fail, s.n_error, s.n_unknown, s.n_notchecked, s.n_notapplicable, s.n_informational,
  s.n_notselected, s.n_waived, s.score, s.flags
FROM (SELECT x.agent_id, x.line_id, (SELECT n.scanned_at FROM scan n WHERE n.agent_id = x.agent_id AND n.line_id = x.line_id
        AND n.scanned_at < ? AND (n.ingested_at <= ? OR EXISTS (SELECT 1 FROM scan_revision r WHERE r.agent_id = n.agent_id AND r.line_id = n.line_id AND r.scanned_at = n.scanned_at AND r.ingested_at <= ?))
        ORDER BY n.scanned_at DESC LIMIT 1) AS newest
      FROM (SELECT agent_id, line_id FROM scan WHERE (? OR agent_id = ?) GROUP BY agent_id, line_id) x) w
STRAIGHT_JOIN scan_revision s
  ON w.agent_id = s.agent_id AND w.line_id = s.line_id AND w.newest = s.scanned_at
WHERE w.newest < ? AND s.ingested_at <= ? AND EXISTS (SELECT 1 FROM scan n WHERE n.agent_id = s.agent_id AND n.line_id = s.line_id AND n.scanned_at = s.scanned_at AND n.ingested_at > ?)
  AND NOT EXISTS (SELECT 1 FROM scan_revision x WHERE x.agent_id = s.agent_id AND x.line_id = s.line_id AND x.scanned_at = s.scanned_at AND x.ingested_at <= ? AND x.revision <> s.revision)
