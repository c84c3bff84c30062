/* Who acts: the account that the program runs as, and the person behind it as far as the system tells.
 * What:   under sudo everybody is root. So a record also has the account that logged in (the login uid of
 *         the kernel, which no program without CAP_AUDIT_CONTROL changes once it is set), and what the
 *         environment says: SUDO_USER, and the peer of the SSH session. The last two are words of
 *         variables that who calls the program may set as he likes.
 * Owner:  texts live in the given arena.
 * Units:  uids; -1 = nobody logged in (cron, systemd, containers), or the kernel does not say.
 * Errors: none: what cannot be found out stays empty.
 * See:    proc(5), /proc/PID/loginuid; pam_loginuid(8); sudo(8); ssh(1), SSH_CONNECTION */
#ifndef ACT_ACTOR_H
#define ACT_ACTOR_H

#include "audit/record.h"
#include "settings/config.h"

/* This process. */
struct audit_actor actor_of_process(const struct config *c, struct arena *a);
/* Adds the person: proc is "/proc", or a folder in its shape; sudo_user and ssh are the values of the
 * environment, NULL = not set. Where ssh is not, as sudo takes it away, the processes above are asked. */
void actor_find_person(struct audit_actor *who, const char *proc, const char *sudo_user,
                       const char *ssh, struct arena *a);

#endif
