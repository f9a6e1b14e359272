# How every target of the house is built: warnings as errors, one language level, sanitizers, ccache, mold.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(LARDER_TESTS "Build the tests" ON)
option(LARDER_FUZZ "Build the fuzzers of tests/fuzz (clang)" OFF)
set(LARDER_SANITIZE "" CACHE STRING "address,undefined or thread")

find_program(LARDER_CCACHE ccache)
if(LARDER_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${LARDER_CCACHE})
endif()
find_program(LARDER_MOLD mold)
if(LARDER_MOLD)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_link_options(--ld-path=${LARDER_MOLD})
  else()
    add_link_options(-fuse-ld=mold)
  endif()
endif()

add_library(larder_flags INTERFACE)
target_compile_options(larder_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  -Wold-style-cast -Wextra-semi -Wundef -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(larder_flags INTERFACE -Wduplicated-cond -Wlogical-op -Wno-mismatched-new-delete)
endif()
if(LARDER_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(LARDER_SANITIZE)
  add_compile_options(-fsanitize=${LARDER_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${LARDER_SANITIZE})
  if(LARDER_SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-tsan)
  elseif(LARDER_SANITIZE MATCHES "undefined")
    # vptr looks at memory through a pipe: where a test has used up the descriptors it cries wolf.
    add_compile_options(-fno-sanitize-recover=undefined -fno-sanitize=vptr)
  endif()
endif()

# larder_room(NAME SOURCES a.cpp ... [USES larder_x ...] [LIBRARIES third::party ...])
# A room is one static library. USES are rooms below it (public); LIBRARIES are third parties that its .cpp files alone include.
function(larder_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_library(${name} STATIC ${ROOM_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ROOM_USES} PRIVATE larder_flags ${ROOM_LIBRARIES})
endfunction()

# larder_program(NAME SOURCES ... USES ... LIBRARIES ...): an executable that wires rooms.
function(larder_program name)
  cmake_parse_arguments(PROGRAM "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_executable(${name} ${PROGRAM_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE larder_flags ${PROGRAM_USES} ${PROGRAM_LIBRARIES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

# larder_test(NAME SOURCES ... USES ... LIBRARIES ...): one GoogleTest binary per room, registered with ctest as one test per case.
function(larder_test name)
  if(NOT LARDER_TESTS)
    return()
  endif()
  cmake_parse_arguments(TEST "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE larder_flags ${TEST_USES} ${TEST_LIBRARIES} GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE LARDER_SOURCE_DIR="${PROJECT_SOURCE_DIR}" LARDER_BIN_DIR="${PROJECT_BINARY_DIR}/bin")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60)
endfunction()

# larder_embed_sql(OUT_VARIABLE FOLDER HEADER SPACE FUNCTION): the migrations of FOLDER travel inside the binary; a daemon never looks for
# SQL on the machine it runs on.
function(larder_embed_sql out folder header space function)
  set(embedded ${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp)
  file(GLOB scripts CONFIGURE_DEPENDS ${folder}/*.sql)
  add_custom_command(OUTPUT ${embedded}
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DOUT=${embedded} -DHEADER=${header} -DSPACE=${space} -DFUNCTION=${function}
            -P ${PROJECT_SOURCE_DIR}/cmake/embed_sql.cmake
    DEPENDS ${scripts} ${PROJECT_SOURCE_DIR}/cmake/embed_sql.cmake
    VERBATIM)
  set(${out} ${embedded} PARENT_SCOPE)
endfunction()
