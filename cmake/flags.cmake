# Compiler flags for every target; asserts stay on in release builds.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELWITHDEBINFO "${CMAKE_C_FLAGS_RELWITHDEBINFO}")
add_compile_options(-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
  -Wpointer-arith -Wwrite-strings -Wundef -Wvla -fstack-protector-strong
  $<$<C_COMPILER_ID:Clang>:-Wno-string-concatenation>) # long literals in arrays are meant
add_compile_definitions(_GNU_SOURCE _FILE_OFFSET_BITS=64)
# For the presets and scripts/test: who builds from source has compilers and libraries of his own, and
# what those warn of or deprecate must not stop the build.
option(ASSAY_WERROR "warnings are errors" OFF)
if(ASSAY_WERROR)
  add_compile_options(-Werror)
endif()
# The same bytes from any folder: neither debug information nor assert() names where this was built.
add_compile_options("-ffile-prefix-map=${PROJECT_SOURCE_DIR}=." "-ffile-prefix-map=${PROJECT_BINARY_DIR}=./build")
option(ASSAY_SANITIZE "build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(ASSAY_FUZZ "build libFuzzer targets (clang)" OFF)
if(ASSAY_SANITIZE OR ASSAY_FUZZ)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
  add_compile_definitions(ASSAY_SANITIZED)
else()
  add_compile_definitions($<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
endif()
if(ASSAY_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
