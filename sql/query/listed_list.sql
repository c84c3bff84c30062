SELECT name, value FROM setting WHERE name >= 'listed:' AND name < 'listed;'
