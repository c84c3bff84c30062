SELECT name, value FROM setting WHERE name >= ? AND name < ? ORDER BY name
