/* The reader of RELP frames. Before relp.c. */
#include "deliver/relp_frame.h"

#include <assert.h>
#include <ctype.h>

/* A number that stops at a blank or a newline; *rest begins with that. */
static enum relp_read
relp_read_number(struct str *rest, long *ret)
{
    size_t i = 0;
    *ret = 0;
    for (; i < rest->len && isdigit((unsigned char)rest->s[i]) && i < 10; i++)
        *ret = 10 * *ret + (rest->s[i] - '0');
    if (i == rest->len)
        return RELP_READ_PART;
    if (i == 0 || (rest->s[i] != ' ' && rest->s[i] != '\n'))
        return RELP_READ_GARBAGE;
    *rest = str_n(rest->s + i, rest->len - i);
    return RELP_READ_FRAME;
}

enum relp_read
relp_read_frame(struct str s, struct relp_frame *ret)
{
    struct str rest = s;
    long len;
    enum relp_read read = relp_read_number(&rest, &ret->txnr);
    if (read != RELP_READ_FRAME)
        return read;
    if (rest.s[0] != ' ')
        return RELP_READ_GARBAGE;
    size_t from = 1, i = 1;
    while (i < rest.len && isalpha((unsigned char)rest.s[i]) && i - from < 32)
        i++;
    if (i == rest.len)
        return RELP_READ_PART;
    if (i == from || rest.s[i] != ' ')
        return RELP_READ_GARBAGE;
    ret->command = str_n(rest.s + from, i - from);
    rest = str_n(rest.s + i + 1, rest.len - i - 1);
    read = relp_read_number(&rest, &len);
    if (read != RELP_READ_FRAME)
        return read;
    if (len > RELP_MAX_ANSWER)
        return RELP_READ_GARBAGE;
    size_t data = rest.s[0] == ' ' ? 1 : 0;
    if (rest.len < data + (size_t)len + 1)
        return RELP_READ_PART;
    ret->data = str_n(rest.s + data, (size_t)len);
    if (rest.s[data + (size_t)len] != '\n')
        return RELP_READ_GARBAGE;
    ret->len = (size_t)(rest.s - s.s) + data + (size_t)len + 1;
    assert(ret->len <= s.len);
    return RELP_READ_FRAME;
}
