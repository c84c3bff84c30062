# Writes OUT, a C file with the commit of git that ROOT is at; only when that changed. COMMIT, when given, says it instead.
# Run as a script at every build: cmake -DROOT=… -DOUT=… [-DCOMMIT=…] -P commit.cmake
if(NOT COMMIT AND EXISTS "${ROOT}/.git")
  execute_process(COMMAND git -C "${ROOT}" describe --always --dirty --abbrev=12 --exclude=*
    OUTPUT_VARIABLE COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
set(text "/* Made by cmake/commit.cmake. */\n#include \"cli/version.h\"\n\nconst char version_commit[] = \"${COMMIT}\";\n")
if(EXISTS "${OUT}")
  file(READ "${OUT}" was)
endif()
if(NOT "${was}" STREQUAL "${text}")
  file(WRITE "${OUT}" "${text}")
endif()
