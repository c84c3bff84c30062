# test_font looks at faces as HarfBuzz sees them.
target_link_libraries(${target} PRIVATE PkgConfig::HARFBUZZ)
