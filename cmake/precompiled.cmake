# The standard library's headers are more than a third of what compiling costs here. They are compiled once for libraries
# and once for programs (-fPIC and -fPIE differ), and stand before every file. A file still names what it uses: script/lint
# compiles each without them.

set(PORTCULLIS_STANDARD_HEADERS
    <algorithm> <array> <chrono> <cstddef> <cstdint> <deque> <functional> <map> <memory> <optional> <set>
    <string> <string_view> <unordered_map> <utility> <variant> <vector>)

file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled/nothing.cpp CONTENT "")
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled/main.cpp CONTENT "int main() {}\n")

add_library(portcullis_precompiled_library OBJECT ${PROJECT_BINARY_DIR}/precompiled/nothing.cpp)
add_executable(portcullis_precompiled_program ${PROJECT_BINARY_DIR}/precompiled/main.cpp)
foreach(kind library program)
    target_link_libraries(portcullis_precompiled_${kind} PRIVATE portcullis_compiler)
    target_precompile_headers(portcullis_precompiled_${kind} PRIVATE ${PORTCULLIS_STANDARD_HEADERS})
    # ccache asks for it: without it a change of a header would not be seen behind the precompiled one.
    target_compile_options(portcullis_precompiled_${kind} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endforeach()

# portcullis_precompile(TARGET library|program)
function(portcullis_precompile target kind)
    target_precompile_headers(${target} REUSE_FROM portcullis_precompiled_${kind})
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endfunction()
