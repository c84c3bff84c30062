INSERT IGNORE INTO check_text (text_hash, id, check_key, title, category, severity, description,
  rationale, remediation, impact, idents, refs, section) VALUES
-- rows --
