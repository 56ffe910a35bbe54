# The standard library's headers are more than a third of what compiling costs here. They are compiled once for libraries
# and once for programs (-fPIC and -fPIE differ), and stand before every file; before a test Catch2 stands too. A file still
# names what it uses: script/lint compiles each without them.

set(PORTCULLIS_STANDARD_HEADERS
    <algorithm> <array> <chrono> <cstddef> <cstdint> <deque> <functional> <map> <memory> <optional> <set>
    <string> <string_view> <unordered_map> <utility> <variant> <vector>)

file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled/nothing.cpp CONTENT "")
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled/main.cpp CONTENT "int main() {}\n")

add_library(portcullis_precompiled_library OBJECT ${PROJECT_BINARY_DIR}/precompiled/nothing.cpp)
add_executable(portcullis_precompiled_program ${PROJECT_BINARY_DIR}/precompiled/main.cpp)
# What a test proves is compiled as it is shipped, and under the sanitizers with all of them; the test itself need not be
# fast, but soon there: half of what compiling it costs is optimising, and looking for undefined behaviour in, its checks.
set(PORTCULLIS_TEST_OPTIONS $<$<CONFIG:RelWithDebInfo>:-O1> $<$<CONFIG:Debug>:-O0>)
if(PORTCULLIS_SANITIZE MATCHES undefined)
    list(APPEND PORTCULLIS_TEST_OPTIONS -fno-sanitize=undefined)
endif()

set(PORTCULLIS_PRECOMPILED library program)
if(BUILD_TESTING)
    list(APPEND PORTCULLIS_PRECOMPILED test)
    add_executable(portcullis_precompiled_test ${PROJECT_BINARY_DIR}/precompiled/main.cpp)
    target_precompile_headers(portcullis_precompiled_test PRIVATE ${PROJECT_SOURCE_DIR}/tests/support/catch.hpp)
    target_compile_options(portcullis_precompiled_test PRIVATE ${PORTCULLIS_TEST_OPTIONS})
endif()
foreach(kind IN LISTS PORTCULLIS_PRECOMPILED)
    target_link_libraries(portcullis_precompiled_${kind} PRIVATE portcullis_compiler)
    target_precompile_headers(portcullis_precompiled_${kind} PRIVATE ${PORTCULLIS_STANDARD_HEADERS})
    # ccache asks for it: without it a change of a header would not be seen behind the precompiled one.
    target_compile_options(portcullis_precompiled_${kind} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endforeach()

# portcullis_precompile(TARGET library|program|test)
function(portcullis_precompile target kind)
    if(kind STREQUAL test)
        target_compile_options(${target} PRIVATE ${PORTCULLIS_TEST_OPTIONS})
    endif()
    target_precompile_headers(${target} REUSE_FROM portcullis_precompiled_${kind})
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endfunction()
