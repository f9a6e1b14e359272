# Boost.Asio and Boost.Beast, compiled once. Every target that includes either links larder_asio: the two definitions must be the same in all of them.
include_guard(GLOBAL)
find_package(Boost 1.81 REQUIRED)
find_package(Threads REQUIRED)

add_library(larder_asio INTERFACE)
target_compile_definitions(larder_asio INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(larder_asio INTERFACE Boost::headers Threads::Threads)

add_library(larder_asio_compiled STATIC ${PROJECT_SOURCE_DIR}/cmake/asio_compiled.cpp)
target_link_libraries(larder_asio_compiled PUBLIC larder_asio)
# After the circle is closed, a user of larder_asio links the compiled half by itself.
target_link_libraries(larder_asio INTERFACE $<LINK_ONLY:larder_asio_compiled>)
