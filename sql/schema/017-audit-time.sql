-- Records of an event by their time: what a report says was received in its period is counted from the log.
ALTER TABLE audit_log ADD KEY k_event (event, ts);
