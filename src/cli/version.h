/* Which assay this is: version, commit, and the libraries that it runs with.
 * What:   versions as the loaded libraries themselves say, which need not be those it was built with.
 * Owner:  static.   Units: none.   Errors: none. */
#ifndef CLI_VERSION_H
#define CLI_VERSION_H

/* Of git, with "-dirty" behind it when files were changed; empty when built from something else. cmake/commit.cmake. */
extern const char version_commit[];

/* Prints all of it to standard output, the first line being "assay VERSION". */
void version_print(void);

#endif
