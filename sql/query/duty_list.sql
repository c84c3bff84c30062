SELECT name, value FROM setting WHERE name >= 'duty:' AND name < 'duty;'
