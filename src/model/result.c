/* Names of what results have. Called by the store, by the encoders and by export/result_walk.c. */
#include "model/result.h"

#include <assert.h>

#define ROW(id, name, type) {name, RESULT_##type},
static const struct {
    const char *name;
    enum result_type type;
} fields[] = {RESULT_FIELDS(ROW)};
#undef ROW

const char *
result_field_name(enum result_field f)
{
    assert(f < RESULT_FIELD__COUNT);
    return fields[f].name;
}

enum result_type
result_field_type(enum result_field f)
{
    assert(f < RESULT_FIELD__COUNT);
    return fields[f].type;
}

const char *
result_event_name(enum result_kind k)
{
    static const char *const names[] = {"result.scan", "result.new", "result.changed",
                                        "result.fixed"};
    assert(k <= RESULT_FIXED);
    return names[k];
}
