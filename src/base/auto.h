/* Release at the end of the scope for handles of libraries and of the system.
 * What:   AUTO(fn) on a variable calls fn(&variable) when the scope ends; AUTO_DEFINE makes such an
 *         fn from a free function that takes the pointer. AUTO_TAKE hands a value out.
 * Owner:  the scope.   Units: none.   Errors: none. */
#ifndef BASE_AUTO_H
#define BASE_AUTO_H

#include <stdio.h>
#include <unistd.h>

/* clang calls a struct unused that is only released. */
#define AUTO(fn) __attribute__((cleanup(fn), unused))

/* Defines fn_auto(type *) which frees a non-NULL *p with fn. */
#define AUTO_DEFINE(type, fn)                                                                      \
    static inline void fn##_auto(type *p)                                                          \
    {                                                                                              \
        if (*p)                                                                                    \
            fn(*p);                                                                                \
    }

/* Closes *fd when it is open (>= 0). */
static inline void
auto_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

/* Closes *f when it is open. */
static inline void
auto_fclose(FILE **f)
{
    if (*f)
        fclose(*f);
}

#define AUTO_FD   AUTO(auto_close) int
#define AUTO_FILE AUTO(auto_fclose) FILE *

/* The value of the pointer variable p, which forgets it. */
#define AUTO_TAKE(p)                                                                               \
    __extension__({                                                                                \
        __typeof__(p) taken_ = (p);                                                                \
        (p) = NULL;                                                                                \
        taken_;                                                                                    \
    })

#endif
