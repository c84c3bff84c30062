/* The sink that is a folder of this machine.
 * What:   makes the folder, writes beside, syncs, renames.   Owner: static.   Units: none.
 * Errors: DIAG_CANNOT_WRITE. */
#ifndef DELIVER_FOLDER_H
#define DELIVER_FOLDER_H

#include "deliver/deliver.h"

extern const struct deliver_sink folder_sink;

#endif
