SELECT name, value FROM setting WHERE name >= 'group:' AND name < 'group;'
