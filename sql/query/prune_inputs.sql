SELECT i.sha256, TIMESTAMPDIFF(SECOND, '1970-01-01', i.received), 200 + LENGTH(i.name) + LENGTH(i.reason) + LENGTH(i.custody),
  CAST(EXISTS (SELECT 1 FROM scan s WHERE s.file_sha256 = i.sha256) OR EXISTS (SELECT 1 FROM scan_revision r WHERE r.file_sha256 = i.sha256) AS SIGNED)
FROM input i WHERE i.received < ? AND (i.received > ? OR (i.received = ? AND i.sha256 > ?)) ORDER BY i.received, i.sha256 LIMIT ?
