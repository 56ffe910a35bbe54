# One room, one target. What a room may see is what its link line names.

# portcullis_room(NAME [LINKS room...] [LIBRARIES library...] [SOURCES file...])
#   LINKS      rooms of ours that it includes (portcullis_<room>)
#   LIBRARIES  third-party libraries of its own (thirdparty::<library>)
#   SOURCES    default: every .cpp of the folder itself; a room without any is header-only
function(portcullis_room name)
    cmake_parse_arguments(PARSE_ARGV 1 ROOM "" "" "LINKS;LIBRARIES;SOURCES")
    if(ROOM_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "portcullis_room(${name}): unknown ${ROOM_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT ROOM_SOURCES)
        file(GLOB ROOM_SOURCES CONFIGURE_DEPENDS *.cpp)
    endif()

    if(ROOM_SOURCES)
        set(visibility PUBLIC)
        add_library(portcullis_${name} STATIC ${ROOM_SOURCES})
        portcullis_precompile(portcullis_${name} library)
        portcullis_compile_together(portcullis_${name})
    else()
        set(visibility INTERFACE)
        add_library(portcullis_${name} INTERFACE)
    endif()
    list(TRANSFORM ROOM_LINKS PREPEND portcullis_)
    list(TRANSFORM ROOM_LIBRARIES PREPEND thirdparty::)
    target_link_libraries(portcullis_${name} ${visibility} portcullis_compiler ${ROOM_LINKS} ${ROOM_LIBRARIES})
endfunction()

# portcullis_program(NAME SOURCES file... [LINKS room...] [LIBRARIES library...]): an executable in build/<preset>/bin.
function(portcullis_program name)
    cmake_parse_arguments(PARSE_ARGV 1 PROGRAM "" "" "SOURCES;LINKS;LIBRARIES")
    if(PROGRAM_UNPARSED_ARGUMENTS OR NOT PROGRAM_SOURCES)
        message(FATAL_ERROR "portcullis_program(${name}): needs SOURCES; unknown: ${PROGRAM_UNPARSED_ARGUMENTS}")
    endif()
    list(TRANSFORM PROGRAM_LINKS PREPEND portcullis_)
    list(TRANSFORM PROGRAM_LIBRARIES PREPEND thirdparty::)
    add_executable(${name} ${PROGRAM_SOURCES})
    portcullis_precompile(${name} program)
    portcullis_compile_together(${name})
    target_link_libraries(${name} PRIVATE portcullis_compiler ${PROGRAM_LINKS} ${PROGRAM_LIBRARIES})
endfunction()

# portcullis_tests(NAME [LINKS room...] [LIBRARIES library...] [SOURCES file...] [TIMEOUT seconds] [LABELS label...])
#   One Catch2 binary <NAME>_tests of a folder's .cpp files; each of its cases is a CTest test "<NAME>/<case>".
#   Those labelled `unit` (the default) also run under the sanitizers.
#   Tests run in the root of the source tree; PORTCULLIS_BIN names the folder of the built programs.
function(portcullis_tests name)
    cmake_parse_arguments(PARSE_ARGV 1 TESTS "" "TIMEOUT" "LINKS;LIBRARIES;SOURCES;LABELS")
    if(TESTS_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "portcullis_tests(${name}): unknown ${TESTS_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT TESTS_SOURCES)
        file(GLOB TESTS_SOURCES CONFIGURE_DEPENDS *.cpp)
    endif()
    if(NOT TESTS_TIMEOUT)
        set(TESTS_TIMEOUT 120)
    endif()
    if(PORTCULLIS_SANITIZE)
        math(EXPR TESTS_TIMEOUT "${TESTS_TIMEOUT} * 5") # what a sanitizer looks at runs many times longer
    endif()
    if(NOT TESTS_LABELS)
        set(TESTS_LABELS unit)
    endif()
    list(TRANSFORM TESTS_LINKS PREPEND portcullis_)
    list(TRANSFORM TESTS_LIBRARIES PREPEND thirdparty::)
    add_executable(${name}_tests ${TESTS_SOURCES})
    portcullis_precompile(${name}_tests test)
    portcullis_compile_together(${name}_tests)
    target_link_libraries(${name}_tests
        PRIVATE portcullis_compiler ${TESTS_LINKS} ${TESTS_LIBRARIES} thirdparty::catch)
    if(unit IN_LIST TESTS_LABELS)
        add_dependencies(unit_tests ${name}_tests)
    endif()
    # A name that matches no case (CMake splits one at a semicolon) fails: Catch2 3 does so by itself, 2 passes it unasked.
    set(no_case_fails)
    if(Catch2_VERSION VERSION_LESS 3)
        set(no_case_fails EXTRA_ARGS -w NoTests)
    endif()
    catch_discover_tests(${name}_tests
        TEST_PREFIX "${name}/"
        ${no_case_fails}
        WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
        PROPERTIES TIMEOUT ${TESTS_TIMEOUT} LABELS "${TESTS_LABELS}"
                   ENVIRONMENT PORTCULLIS_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
endfunction()
