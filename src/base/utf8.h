/* Judging and repairing text from hosts.
 * What:   decoding (Unicode 15, table 3-7: no overlong forms, no surrogates), repair of invalid
 *         bytes to U+FFFD, cutting at a character boundary, and making controls visible.
 * Owner:  results live in the caller's arena (or are the input itself when nothing changes).
 * Units:  bytes.   Errors: none; repair is always possible. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/arena.h"

/* Decodes one code point at s (len >= 1 bytes): its length 1..4, or 0 when the bytes are invalid.
 */
int utf8_next(const char *s, size_t len, uint32_t *ret);
/* Encodes cp at out (room for 4); returns the length. */
int utf8_put(char *out, uint32_t cp);
/* True when s is well-formed. */
bool utf8_valid(struct str s);
/* s with every invalid byte run and NUL replaced by U+FFFD; s itself when there is none. */
struct str utf8_repair(struct arena *a, struct str s);
/* The longest prefix of at most max bytes that ends at a character boundary. */
struct str utf8_cut(struct str s, size_t max);
/* s repaired and at most max bytes; a cut is shown by "…" at its end. Never without a text. */
struct str utf8_fit(struct arena *a, struct str s, size_t max);
/* True for characters that must not reach a reader raw: C0 but tab and newline, DEL, C1, bidi
 * controls (U+061C, U+200E..F, U+202A..E, U+2066..9), line and paragraph separators, U+FEFF. */
bool utf8_is_unsafe(uint32_t cp);
/* True for what does not show, or not as itself: all that is unsafe, and characters without a width
 * (zero-width space and joiners, soft hyphen, word joiner, tags, variation selectors, fillers) and
 * blanks other than the space and the ideographic one. Legitimate in running text, a disguise in
 * names. */
bool utf8_is_hidden(uint32_t cp);
/* True for marks that are drawn onto the character before them. */
bool utf8_is_mark(uint32_t cp);
/* How many columns of a terminal a text takes: ideographs, syllables and full-width forms two, marks none. */
size_t utf8_columns(struct str s);
/* A name, so that two different names never look alike for what does not show in them: repaired, on
 * one line, with hidden characters, marks that have nothing to stand on or stand in heaps, and blanks
 * that paper swallows (at either end, or after another) written as ⟨U+200B⟩; the bracket ⟨, too. */
struct str utf8_name(struct arena *a, struct str s);
/* s repaired, with unsafe characters written visibly as ⟨U+202E⟩; tab and newline are kept. */
struct str utf8_visible(struct arena *a, struct str s);
/* A message, with names in it: as utf8_visible(), and what is hidden is written visibly, too. */
struct str utf8_spelled(struct arena *a, struct str s);
/* As utf8_visible() on one line: newline, CR and tab become a space. */
struct str utf8_one_line(struct arena *a, struct str s);

#endif
