/* The commands, one in each cmd_<verb>.c.
 * What:   rows of the table in commands.c.   Owner: static.   Units: none.   Errors: none. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/cli.h"

extern const struct command cmd_init, cmd_ingest, cmd_inspect, cmd_report, cmd_run, cmd_verify,
    cmd_audit_verify, cmd_audit_export, cmd_audit_checkpoint, cmd_audit_prove, cmd_audit_publish,
    cmd_audit_rotate_key, cmd_audit_prune, cmd_doctor, cmd_agent_add, cmd_agent_list,
    cmd_agent_alias, cmd_agent_freeze, cmd_agent_unfreeze, cmd_agent_move, cmd_agent_remove,
    cmd_agent_retire, cmd_agent_return, cmd_agent_password, cmd_rebuild, cmd_backup, cmd_restore;
extern const struct command cmd_audit_anchor, cmd_audit_deadletters, cmd_witness_init,
    cmd_witness_trust, cmd_witness_cosign;
extern const struct command cmd_completion, cmd_schedule;
extern const struct command cmd_prune, cmd_hold_add, cmd_hold_list, cmd_hold_release,
    cmd_spool_retry;
extern const struct command cmd_outbox_list, cmd_outbox_show, cmd_outbox_send, cmd_outbox_retry,
    cmd_outbox_drop, cmd_secret_set, cmd_secret_list, cmd_secret_rm;
extern const struct command cmd_status, cmd_check, cmd_agent_show, cmd_config_check,
    cmd_portal_build;
extern const struct command cmd_scan_list, cmd_scan_accept, cmd_scan_revoke;

#endif
