/* Reading DER (X.690) element by element, for the fields OpenSSL has no getter for.
 * What:   short and long definite lengths, one-byte tags.
 * Owner:  results point into the given bytes.
 * Units:  bytes.
 * Errors: false = there is no further element, or it is no DER. */
#ifndef SIGN_DER_H
#define SIGN_DER_H

#include "base/str.h"

struct der {
    unsigned char tag;
    struct str inside; /* the content */
    struct str whole;  /* tag, length, content */
};

/* Cuts the next element off *rest. */
bool der_next(struct str *rest, struct der *ret);
/* The same, and it must have this tag. */
bool der_want(struct str *rest, unsigned char tag, struct der *ret);

#endif
