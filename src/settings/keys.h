/* The settings of assay.conf: a row here is all that a new one takes.
 * What:   a row makes the member of struct config, the line that is read, the line that `assay
 *         doctor` prints, and what the audit log says of a change; a test holds the manual to it.
 *         Whoever includes this file says first what a row is to become; the macros end with it.
 * Owner:  none.
 * Units:  seconds, days, months, MiB: what a number counts stands behind it.
 * Errors: none here; settings/settings.h says what each kind of row refuses.
 * See:    doc/man/assay.conf.5
 *
 *   TEXT(member, key, standard)              any text, a struct str
 *   CHECKED(member, key, standard, check)    a text that the function passes
 *   FLAG(member, key, standard)              a bool
 *   NUMBER(member, key, standard, min, max)  an int64_t
 *   WORD(enum, member, key, standard, words) one of the words; OF(CONSTANT, "word") makes the enum, too
 *   LIST(type, member, key, list)            may be repeated, a VEC(type); list is of settings/lists.h
 *
 * The standard is written as somebody would write it in the file. Folders and keys have none here:
 * theirs follow from the state directory. The settings as they are printed, in this order, are kept
 * in the database and compared at the next run: a new row goes to the end of its part. */

CHECKED(state_dir, "state-dir", "", setting_path)     /* database, keys */
CHECKED(option_file, "option-file", "", setting_path) /* my.cnf; empty = the embedded server */
TEXT(database, "database", "assay")
NUMBER(database_wait_s, "database-wait", "60", 0, 86400) /* one that is away is waited for */
CHECKED(database_password_file, "database-password-file", "", secret_check) /* or the option file */
CHECKED(spool_dir, "spool-dir", "", setting_path)
FLAG(spool_delete, "spool-delete", "no") /* remove what was stored instead of keeping it in done/ */
NUMBER(spool_settle_s, "spool-settle", "60", 0, 86400) /* nobody writes a file that rests so long */
FLAG(spool_settle_all, "spool-settle-all", "no")       /* take no file before that */
WORD(config_nothing, spool_nothing, "spool-nothing", "keep", /* files that hold nothing to store */
     OF(NOTHING_KEEP, "keep") OF(NOTHING_REMOVE, "remove"))
NUMBER(quota_checks, "quota-checks", "20000", 0, 100000000) /* of one file */
NUMBER(quota_mib, "quota-size", "64", 0, 1 << 20)           /* texts of one file */
NUMBER(quota_day_checks, "quota-day-checks", "250000", 0, INT64_C(1) << 40)
NUMBER(quota_day_mib, "quota-day-size", "256", 0, 1 << 20)
NUMBER(quota_day_policies, "quota-day-policies", "100", 0, 100000)
NUMBER(jobs, "jobs", "2", 1, CONFIG_MAX_JOBS)                    /* files parsed at the same time */
FLAG(confine, "confine", "yes")                                  /* parse in a sandbox */
NUMBER(parser_memory_mib, "parser-memory", "2048", 256, 1 << 20) /* of one file, as the next */
NUMBER(parser_seconds, "parser-seconds", "300", 1, 86400)
CHECKED(reports_dir, "reports-dir", "", check_reports)
CHECKED(templates_dir, "templates-dir", "", setting_path)
TEXT(organisation, "organisation", "")
TEXT(classification, "classification", "")
TEXT(language, "language", "en")
CHECKED(zone, "zone", "", check_zone)                            /* empty = the system's */
TEXT(origin, "origin", "")                                       /* name of the audit log */
CHECKED(audit_publish_dir, "audit-publish-dir", "", setting_path)                 /* empty = nowhere */
NUMBER(audit_heartbeat_s, "audit-heartbeat", "3600", 60, 604800) /* between checkpoints */
NUMBER(audit_keep_months, "audit-keep-months", "12", 3, 1200)
WORD(config_anchor, audit_anchor, "audit-anchor", "daily", /* how often a checkpoint is stamped */
     OF(ANCHOR_NO, "no") OF(ANCHOR_DAILY, "daily") OF(ANCHOR_HOURLY, "hourly")
         OF(ANCHOR_EACH, "each"))
TEXT(tsa_url, "tsa-url", "")
CHECKED(tsa_ca, "tsa-ca", "", setting_path)               /* certificates that the authority is trusted by */
TEXT(tsa_policy, "tsa-policy", "")       /* OID; empty = the authority's own */
CHECKED(tsa_user_file, "tsa-user-file", "", secret_check) /* USER:PASSWORD; empty = none is asked for */
FLAG(sign, "sign", "yes")
CHECKED(sign_cert, "sign-cert", "", setting_path)
CHECKED(sign_key, "sign-key", "", setting_path)
CHECKED(sign_p12, "sign-p12", "", setting_path)
CHECKED(sign_passphrase_file, "sign-passphrase-file", "", secret_check)
CHECKED(trust_file, "trust-file", "", setting_path) /* certificates that verify trusts */
FLAG(suggestion_informational, "lynis-suggestions-informational", "no")
CHECKED(fallback_encoding, "fallback-encoding", "", check_encoding) /* empty = refuse */
CHECKED(paper, "paper", "a4", definition_check_paper)
WORD(config_enrol, enrol, "enrol", "open", /* who may report */
     OF(ENROL_OPEN, "open") OF(ENROL_PASSWORD, "password") OF(ENROL_LISTED, "listed"))
CHECKED(agent_certs, "agent-certs", "", setting_path) /* file or folder; empty = signatures are not checked */
NUMBER(expect_days, "expect-days", "90", 1, 36500) /* who was seen so long before is expected */
FLAG(require_signature, "require-signature", "no")
NUMBER(export_heartbeat_s, "export-heartbeat", "60", 0, 86400) /* 0 = none */
CHECKED(metrics_file, "metrics-file", "", setting_path) /* for the collector of node_exporter; empty = none */
CHECKED(tls_ca, "tls-ca", "", setting_path)             /* of exports over TLS; empty = the system's */
CHECKED(tls_cert, "tls-cert", "", setting_path)         /* empty = none, as the key */
CHECKED(tls_key, "tls-key", "", setting_path)
NUMBER(enterprise, "enterprise-number", "32473", 1, UINT32_MAX) /* in SD-IDs; 32473: RFC 5612 */
FLAG(csv_bom, "csv-bom", "no")                     /* old spreadsheets need one to see UTF-8 */
FLAG(csv_formula_guard, "csv-formula-guard", "yes") /* no cell becomes a formula */
WORD(config_separator, csv_separator, "csv-separator", "comma",
     OF(SEPARATOR_COMMA, "comma") OF(SEPARATOR_SEMICOLON, "semicolon") OF(SEPARATOR_TAB, "tab"))
NUMBER(keep_scans, "keep-scans", "0", 0, 1200) /* months, as the next; 0 = for ever */
NUMBER(keep_evidence, "keep-evidence", "0", 0, 1200)
NUMBER(keep_inputs, "keep-inputs", "0", 0, 1200)
NUMBER(keep_done, "keep-done", "12", 0, 1200)         /* copies of files: their scans are in the database */
NUMBER(keep_rejected, "keep-rejected", "12", 0, 1200)
NUMBER(keep_reports, "keep-reports", "0", 0, 1200)
NUMBER(keep_exports, "keep-exports", "12", 0, 1200)   /* memories of targets that are set no more */
CHECKED(mail_server, "mail-server", "", recipient_check_server) /* empty = no mail is sent */
CHECKED(mail_from, "mail-from", "", recipient_check_from)
TEXT(mail_user, "mail-user", "") /* empty = the server asks for none */
CHECKED(mail_password_file, "mail-password-file", "", secret_check)
CHECKED(mail_ca, "mail-ca", "", setting_path) /* that the server is trusted by; empty = the system's */
FLAG(mail_sign, "mail-sign", "yes")           /* S/MIME */
CHECKED(mail_cert, "mail-cert", "", setting_path) /* empty = the one that seals reports */
CHECKED(mail_key, "mail-key", "", setting_path)
CHECKED(mail_passphrase_file, "mail-passphrase-file", "", secret_check)
NUMBER(mail_attach_mib, "mail-attach-max", "10", 0, 100)   /* larger reports are not attached */
CHECKED(secret_key, "secret-key", "", secret_check) /* that sealed secrets are under; empty = in the state folder */
CHECKED(mail_link, "mail-link", "", recipient_check_link) /* address under which reports-dir is read */
NUMBER(overdue_days, "overdue-days", "35", 1, 36500) /* so long an agent may be silent, a scan be old */
CHECKED(portal_dir, "portal-dir", "", setting_path) /* a site of files; empty = none is made */
TEXT(portal_language, "portal-language", "")        /* empty = that of language */
NUMBER(portal_bad, "portal-bad-below", "50", 0, 100)    /* percent: an agent is bad below it */
NUMBER(portal_watch, "portal-watch-below", "70", 0, 100)
NUMBER(portal_silent_days, "portal-silent-days", "14", 1, 36500)

LIST(struct config_export, exports, "export", list_exports)
LIST(struct str, witnesses, "audit-witness", list_texts)        /* vkeys whose cosignatures count */
LIST(struct str, witnesses_retired, "audit-witness-retired", list_texts) /* those that signed once: NAME+ID */
LIST(struct str, witness_asks, "audit-witness-ask", list_texts) /* commands, or unix:PATH */
LIST(struct config_recipient, recipients, "recipient", list_recipients)
LIST(struct config_group, groups, "group", list_groups)
LIST(struct config_password, passwords, "group-password", list_passwords)
LIST(struct config_agent, agents, "agent", list_agents)

#undef TEXT
#undef CHECKED
#undef FLAG
#undef NUMBER
#undef WORD
#undef OF
#undef LIST
