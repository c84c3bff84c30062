DELETE FROM export_deadletter WHERE letter_id = ?
