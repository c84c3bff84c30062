/* Points where a test ends the process; called by the outlets and by export/courier.c. */
#include "base/fault.h"

#include <signal.h>
#include <stdlib.h>

#include "base/str.h"

static struct str wanted;
static int64_t left;

static void
fault_read(void)
{
    static bool is_read;
    if (is_read)
        return;
    struct str rest = str_c(getenv("ASSAY_FAULT"));
    wanted = str_cut(&rest, ':');
    if (!str_to_i64(rest, &left))
        left = 1;
    is_read = true;
}

void
fault_point(const char *name)
{
    fault_read();
    if (wanted.len && str_eqc(wanted, name) && --left == 0)
        raise(SIGKILL);
}

bool
fault_omits(const char *name)
{
    fault_read();
    return wanted.len && str_eqc(wanted, name);
}
