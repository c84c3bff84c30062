-- Records of an event by their time: what a report says was received in its period is counted from the log.
CREATE INDEX k_event ON audit_log (event, ts);
