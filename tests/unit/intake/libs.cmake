# The tests ask the server behind the store's back, and files are read by the real parser, which is
# looked for beside the program.
target_link_libraries(${target} PRIVATE PkgConfig::MYSQL)
add_dependencies(${target} assay-parser)
set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
