# Sources of one target compiled several at once (script/together.py says which fit): the quickest way to a build from
# nothing, and so that of the sanitizers and of .ci/run. Else the release build compiles each alone: a developer's change
# then takes its own file only, and -Wshadow looks at it.

option(PORTCULLIS_TOGETHER "Compile sources of a target several at once" OFF)

# portcullis_compile_together(TARGET): takes effect with portcullis_find_groups.
function(portcullis_compile_together target)
    set_property(GLOBAL APPEND PROPERTY PORTCULLIS_TARGETS_TOGETHER ${target})
endfunction()

# After the last target: asks once for all of them.
function(portcullis_find_groups)
    get_property(targets GLOBAL PROPERTY PORTCULLIS_TARGETS_TOGETHER)
    if(NOT PORTCULLIS_TOGETHER OR NOT targets)
        return()
    endif()
    set(question "")
    foreach(target IN LISTS targets)
        get_target_property(sources ${target} SOURCES)
        get_target_property(folder ${target} SOURCE_DIR)
        foreach(source IN LISTS sources)
            cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${folder})
            string(APPEND question "${target} ${source}\n")
        endforeach()
        set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    endforeach()
    set(question_file ${PROJECT_BINARY_DIR}/together.txt)
    file(WRITE ${question_file} "${question}")
    find_program(PORTCULLIS_PYTHON NAMES python3 REQUIRED)
    execute_process(
        COMMAND ${PORTCULLIS_PYTHON} ${PROJECT_SOURCE_DIR}/script/together.py ${question_file}
        OUTPUT_VARIABLE answer
        COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX MATCHALL "[^\n]+" lines "${answer}")
    foreach(line IN LISTS lines)
        string(REGEX MATCH "^([^ ]+) ([^ ]+) (.*)$" fits "${line}")
        set_source_files_properties(${CMAKE_MATCH_3} TARGET_DIRECTORY ${CMAKE_MATCH_1} PROPERTIES
            UNITY_GROUP ${CMAKE_MATCH_1}_${CMAKE_MATCH_2})
    endforeach()
endfunction()
