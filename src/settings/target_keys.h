/* The options of a target of the audit log, in rows as those of settings/keys.h (which see).
 * What:   a row makes the member of struct config_export, the option that is read behind a target,
 *         and what is printed of it; a test holds the manual to it. There are no lists.
 * Owner:  none.
 * Units:  bytes, seconds.
 * Errors: none here.
 * See:    doc/man/assay.conf.5, OPTIONS OF EXPORT TARGETS */

CHECKED(name, "name", "", option_line_check_name) /* of its cursor; empty = "FORMAT:TARGET" */
WORD(config_send, send, "send", "audit", /* records, what scans brought, or both */
     OF(SEND_AUDIT, "audit") OF(SEND_RESULTS, "results") OF(SEND_ALL, "all"))
TEXT(events, "events", "") /* of records: patterns as in glob(7), by commas; empty = all */
NUMBER(min_severity, "min-severity", "0", 0, 10)
TEXT(group, "group", "")                  /* of results: the groups that fit, as events */
NUMBER(max, "max", "8192", 2048, 65536)   /* bytes of one message of syslog */
NUMBER(facility, "facility", "13", 0, 23) /* of syslog; 13: log audit, RFC 5424 §6.2.1 */
FLAG(bom, "bom", "no")                    /* before MSG of RFC 5424 */
FLAG(legacy, "legacy", "no")              /* as in deliver/outlet.h, like ack and confirm */
CHECKED(token_file, "token-file", "", secret_check_relative) /* where the token is; empty = none */
TEXT(tls_ca, "tls-ca", "")                /* these three in the place of those for all targets */
TEXT(tls_cert, "tls-cert", "")
TEXT(tls_key, "tls-key", "")
NUMBER(rotate_bytes, "rotate", "0", 0, (int64_t)1 << 40)
NUMBER(rotate_keep, "keep", "0", 0, 1000000)
NUMBER(ack_s, "ack", "0", 0, 86400)
FLAG(ack_less, "ack-less", "no")
WORD(config_id, id, "id", "leaf", /* what names a message there: origin and number, with the hash or without */
     OF(ID_LEAF, "leaf") OF(ID_SEQ, "seq"))
NUMBER(steady_s, "steady", "300", 0, 86400) /* a target that failed is well when it did not for so long */
NUMBER(lag_s, "lag", "0", 0, 366 * 86400) /* so long a record may wait; 0 = as it is sent (job/health.h) */
NUMBER(confirm_s, "confirm", "5", 0, 3600) /* ask a receiver that does not answer so often */
TEXT(success_member, "success-member", "") /* of a webhook's answer: says whether it has the lines */
FLAG(baseline, "baseline", "no") /* of results: of the first scan of a line only the summary */

#undef TEXT
#undef CHECKED
#undef FLAG
#undef NUMBER
#undef WORD
#undef OF
