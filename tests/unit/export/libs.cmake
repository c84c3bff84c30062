# The tests ask the server behind the store's back.
target_link_libraries(${target} PRIVATE PkgConfig::MYSQL room_store m)
