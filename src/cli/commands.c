/* The table of commands: help prints it, main searches it. */
#include "cli/commands.h"

const struct command *const cli_commands[] = {
    &cmd_init,
    &cmd_ingest,
    &cmd_inspect,
    &cmd_report,
    &cmd_run,
    &cmd_verify,
    &cmd_audit_verify,
    &cmd_audit_export,
    &cmd_audit_checkpoint,
    &cmd_audit_prove,
    &cmd_audit_publish,
    &cmd_audit_rotate_key,
    &cmd_agent_add,
    &cmd_agent_list,
    &cmd_agent_alias,
    &cmd_agent_freeze,
    &cmd_agent_unfreeze,
    &cmd_agent_move,
    &cmd_agent_remove,
    &cmd_agent_password,
    &cmd_doctor,
    NULL,
};
