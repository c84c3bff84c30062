/* Whether an answer to a webhook's request says that the lines are there.
 * What:   a status of 2xx is not enough: a page to log in, a status for each part, and a body that
 *         says it failed come with 2xx as well. They are about the target, whatever is sent.
 * Owner:  texts are only read.
 * Units:  none.
 * Errors: DIAG_UNAVAILABLE, DIAG_CONFIG, DIAG_CANNOT_WRITE as in deliver/outlet.h.
 * See:    RFC 9110 §15.3, RFC 4918 §11.1 (207); doc/siem/webhook.md */
#ifndef DELIVER_WEBHOOK_ANSWER_H
#define DELIVER_WEBHOOK_ANSWER_H

#include "deliver/http.h"

/* 0 = all of them are there. With `member`, the answer must be a JSON object in which that member is
 * true, a number but 0, or one of "true", "ok", "success"; without (empty), neither "success" nor "ok"
 * may be false in one. What is quoted is left out when the secret stands in it. */
int webhook_judge(const struct http_answer *answer, struct str member, struct str secret,
                  struct diag *d);

#endif
