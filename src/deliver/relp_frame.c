/* The reader of RELP frames. Before relp.c. */
#include "deliver/relp_frame.h"

#include <ctype.h>

/* A number and the blank or newline behind it; -1 = not whole yet, -2 = none. */
static long
take_number(struct str *rest)
{
    long n = 0;
    size_t i = 0;
    for (; i < rest->len && isdigit((unsigned char)rest->s[i]) && i < 10; i++)
        n = 10 * n + (rest->s[i] - '0');
    if (i == rest->len)
        return -1;
    if (i == 0 || (rest->s[i] != ' ' && rest->s[i] != '\n'))
        return -2;
    *rest = str_n(rest->s + i, rest->len - i);
    return n;
}

long
relp_read_frame(struct str s, struct relp_frame *ret)
{
    struct str rest = s;
    ret->txnr = take_number(&rest);
    if (ret->txnr < 0)
        return ret->txnr == -1 ? 0 : -1;
    if (rest.s[0] != ' ')
        return -1;
    size_t from = 1, i = 1;
    while (i < rest.len && isalpha((unsigned char)rest.s[i]) && i - from < 32)
        i++;
    if (i == rest.len)
        return 0;
    if (i == from || rest.s[i] != ' ')
        return -1;
    ret->command = str_n(rest.s + from, i - from);
    rest = str_n(rest.s + i + 1, rest.len - i - 1);
    long len = take_number(&rest);
    if (len == -1)
        return 0;
    if (len < 0 || len > RELP_MAX_ANSWER)
        return -1;
    size_t data = rest.s[0] == ' ' ? 1 : 0;
    if (rest.len < data + (size_t)len + 1)
        return 0;
    ret->data = str_n(rest.s + data, (size_t)len);
    if (rest.s[data + (size_t)len] != '\n')
        return -1;
    return (long)(rest.s - s.s) + (long)data + len + 1;
}
