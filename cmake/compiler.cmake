# How every file of ours is compiled. Warnings are errors; third-party headers are system headers.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
# -g1: functions and lines for backtraces from the field, at a third of the size of -g.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")

set(PORTCULLIS_SANITIZE "" CACHE STRING "Sanitizers for all our code, as in -fsanitize=")

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # With precompiled headers ccache looks at what they were made of, and not at their time.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

add_library(portcullis_compiler INTERFACE)
target_compile_features(portcullis_compiler INTERFACE cxx_std_20)
target_include_directories(portcullis_compiler INTERFACE ${PROJECT_SOURCE_DIR}/daemon ${PROJECT_SOURCE_DIR})
target_compile_definitions(portcullis_compiler INTERFACE PORTCULLIS_VERSION="${PROJECT_VERSION}" _GLIBCXX_ASSERTIONS)
# -Wswitch-enum: a switch over an enum names every value, also beside a default (which lint refuses then).
target_compile_options(portcullis_compiler INTERFACE
    -Wall -Wextra -Wpedantic -Werror
    -Wconversion -Wsign-conversion -Wold-style-cast -Wcast-align -Wcast-qual
    -Wnon-virtual-dtor -Woverloaded-virtual -Wextra-semi -Wswitch-enum -Wunused -Wundef
    $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wduplicated-branches -Wlogical-op>
    -fstack-protector-strong)
if(PORTCULLIS_TOGETHER)
    # What does not hold where files are compiled as one (cmake/together.cmake): g++ takes what one file keeps to itself for
    # a header's, and, seeing more at once, finds fault with std::string (GCC bug 105329). A name of one file may hide a
    # local one of another, too: no -Wshadow.
    target_compile_options(portcullis_compiler INTERFACE
        $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage> $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds>)
else()
    target_compile_options(portcullis_compiler INTERFACE -Wshadow)
endif()

if(PORTCULLIS_SANITIZE)
    # Instrumented code makes g++ guess wrongly about initialisation; the uninstrumented build keeps that warning.
    target_compile_options(portcullis_compiler INTERFACE
        -fsanitize=${PORTCULLIS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
        $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    target_link_options(portcullis_compiler INTERFACE -fsanitize=${PORTCULLIS_SANITIZE})
    # Warnings of clang are those that clang-tidy shows; the fuzzer's build is not the place to mend them.
    if(PORTCULLIS_SANITIZE MATCHES fuzzer)
        target_compile_options(portcullis_compiler INTERFACE -Wno-error)
    endif()
    # g++ says once a file that its thread sanitizer does not model atomic_thread_fence, which Asio uses.
    if(PORTCULLIS_SANITIZE STREQUAL "thread")
        target_compile_options(portcullis_compiler INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
    endif()
else()
    target_compile_options(portcullis_compiler INTERFACE $<$<CONFIG:RelWithDebInfo>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
    target_link_options(portcullis_compiler INTERFACE -Wl,-z,relro,-z,now)
endif()
