/* Typed settings: what a key is called, what it may be, and which member of a struct it sets.
 * What:   a table has one row a key; its rows are given their standards, looked up, read and
 *         printed. assay.conf (keys.h) and the options of a target (target_keys.h) are one each.
 *         What a key that can be repeated stands for is a list, whose type says how one of its
 *         elements is read and printed.
 * Owner:  tables are static; texts that were read, and lists, live in the given arena.
 * Units:  as the table says.
 * Errors: DIAG_CONFIG: "KEY: want …, got …". */
#ifndef SETTINGS_SETTINGS_H
#define SETTINGS_SETTINGS_H

#include "base/buf.h"
#include "base/diag.h"

enum setting_kind {
    SETTING_IS_TEXT,
    SETTING_IS_FLAG,
    SETTING_IS_NUMBER,
    SETTING_IS_WORD,
    SETTING_IS_LIST
};

/* Says what is wrong with a text, as functions that fail do; 0 = nothing. The key is put before it. */
typedef int setting_check(struct str value, struct diag *d);

struct setting;

/* The type of a list: each line with its key is one element more. */
struct setting_list {
    size_t size; /* of an element */
    /* Reads value into element, which is zeroed and comes behind the n elements at before. */
    int (*read)(const struct setting *s, struct str value, const void *before, size_t n,
                void *element, struct arena *a, struct diag *d);
    /* The value of one element. Secrets are not printed: it need not be what read takes. */
    void (*print)(const void *element, struct buf *out);
};

struct setting {
    const char *key;
    enum setting_kind kind;
    size_t offset;            /* of the member: see below */
    size_t size;              /* of an element of a list */
    const char *standard;     /* the value as somebody would write it */
    setting_check *check;     /* of a text; NULL = it may be anything */
    int64_t min, max;         /* of a number */
    const char *const *words; /* of a word: what 0, 1 … of the enum are called, then NULL */
    const struct setting_list *list;
};

/* The offset of a member, or an error of the compiler when it is not of that type. An enum without
 * negative constants is an unsigned for gcc and clang. */
#define SETTING_AT(s, member, type)                                                                \
    (offsetof(struct s, member) + 0 * sizeof(&((struct s *)0)->member == (type *)0))

/* Rows of a table about struct s: any text, a text that check passes, a bool, an int64_t, an enum,
 * a VEC. */
#define SETTING_TEXT(s, member, name, std)                                                         \
    {                                                                                              \
        .key = name, .kind = SETTING_IS_TEXT, .offset = SETTING_AT(s, member, struct str),         \
        .standard = std                                                                            \
    }
#define SETTING_CHECKED(s, member, name, std, fn)                                                  \
    {                                                                                              \
        .key = name, .kind = SETTING_IS_TEXT, .offset = SETTING_AT(s, member, struct str),         \
        .standard = std, .check = fn                                                               \
    }
#define SETTING_FLAG(s, member, name, std)                                                         \
    {                                                                                              \
        .key = name, .kind = SETTING_IS_FLAG, .offset = SETTING_AT(s, member, bool),               \
        .standard = std                                                                            \
    }
#define SETTING_NUMBER(s, member, name, std, least, most)                                          \
    {                                                                                              \
        .key = name, .kind = SETTING_IS_NUMBER, .offset = SETTING_AT(s, member, int64_t),          \
        .standard = std, .min = least, .max = most                                                 \
    }
#define SETTING_WORD(s, member, name, std, list)                                                   \
    {                                                                                              \
        .key = name, .kind = SETTING_IS_WORD, .offset = SETTING_AT(s, member, unsigned),           \
        .standard = std, .words = list                                                             \
    }
#define SETTING_LIST(s, member, name, type)                                                        \
    {                                                                                              \
        .key = name, .kind = SETTING_IS_LIST, .offset = offsetof(struct s, member),                \
        .size = sizeof *((struct s *)0)->member.v, .list = &type                                   \
    }

/* The check of a path: empty, or from the root. A relative one would be of whatever folder a run began in. */
int setting_path(struct str value, struct diag *d);
/* Gives every member that the table of n rows names its standard, a list no element; base is the
 * struct. */
void settings_reset(const struct setting *table, size_t n, void *base);
/* The row of that key; NULL = there is none. */
const struct setting *settings_find(const struct setting *table, size_t n, struct str key);
/* Reads value into the member, or as one element more of the list; a text is copied into a. */
int setting_read(const struct setting *s, void *base, struct str value, struct arena *a,
                 struct diag *d);
/* The value alone, such that setting_read takes it again; not of a list. */
void setting_print(const struct setting *s, const void *base, struct buf *out);
/* "key = value" and a line end for every row, of a list for every element. */
void settings_print(const struct setting *table, size_t n, const void *base, struct buf *out);

#endif
