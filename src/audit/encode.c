/* The list of encoders. */
#include "audit/encode.h"

#include "audit/encoders.h"

const struct audit_encoder *const audit_encoders[] = {&rfc5424_encoder, &cef_encoder,
                                                      &jsonl_encoder, NULL};

const struct audit_encoder *
audit_encoder_find(struct str name)
{
    for (const struct audit_encoder *const *e = audit_encoders; *e; e++)
        if (str_eqc(name, (*e)->name))
            return *e;
    return NULL;
}
