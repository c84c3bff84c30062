/* Words of standings. */
#include "model/standing.h"

#include <assert.h>

const char *
standing_word(enum standing s)
{
    static const char *const words[STANDING__COUNT] = {
        "first",      "worst of its file", "fuller",   "accepted",
        "superseded", "contained",         "declined", "revoked"};
    assert(s < STANDING__COUNT);
    return words[s];
}
