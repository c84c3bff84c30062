SELECT name FROM agent ORDER BY name
