/* The table of commands: help prints it, main searches it. */
#include "cli/commands.h"

const struct command *const cli_commands[] = {
    &cmd_init,   &cmd_ingest,       &cmd_inspect,      &cmd_report, &cmd_run,
    &cmd_verify, &cmd_audit_verify, &cmd_audit_export, &cmd_doctor, NULL,
};
