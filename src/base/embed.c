/* Look-up in the generated table of built-in files. */
#include "base/embed.h"

#include <string.h>

const struct embed_file *
embed_find(const char *name)
{
    for (const struct embed_file *f = embed_files; f->name; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

const struct embed_file *
embed_next(const char *prefix, const struct embed_file *prev)
{
    const struct embed_file *f = prev ? prev + 1 : embed_files;
    for (; f->name; f++)
        if (strncmp(f->name, prefix, strlen(prefix)) == 0)
            return f;
    return NULL;
}
