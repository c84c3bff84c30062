/* Names of what results have. Called by the store, by the encoders and by export/result_walk.c. */
#include "model/result.h"

#include <assert.h>

#define ROW(id, name, is_number) {name, is_number},
static const struct {
    const char *name;
    bool is_number;
} fields[] = {RESULT_FIELDS(ROW)};
#undef ROW

const char *
result_field_name(enum result_field f)
{
    assert(f < RESULT_FIELD__COUNT);
    return fields[f].name;
}

bool
result_field_is_number(enum result_field f)
{
    assert(f < RESULT_FIELD__COUNT);
    return fields[f].is_number;
}

const char *
result_event_name(enum result_kind k)
{
    static const char *const names[] = {"result.scan", "result.new", "result.changed",
                                        "result.fixed"};
    assert(k <= RESULT_FIXED);
    return names[k];
}
