# Debian's libraries, one target each: thirdparty::<name>. A room names those that it alone may include.
# Versions: Debian 12 and 13 (Boost 1.81 or later, Catch2 2 or 3).

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED CONFIG COMPONENTS headers json)

# portcullis_thirdparty(NAME LIBRARIES...): gives `LIBRARIES` the one name that rooms use.
function(portcullis_thirdparty name)
    add_library(thirdparty_${name} INTERFACE)
    target_link_libraries(thirdparty_${name} INTERFACE ${ARGN})
    add_library(thirdparty::${name} ALIAS thirdparty_${name})
endfunction()

# portcullis_pkg_config(NAME MODULE): a library that its pkg-config file describes.
function(portcullis_pkg_config name module)
    pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${module})
    portcullis_thirdparty(${name} PkgConfig::${name})
endfunction()

# portcullis_header_only(NAME HEADER): a library that is only headers.
function(portcullis_header_only name header)
    find_path(${name}_INCLUDE ${header} REQUIRED)
    add_library(${name}_headers INTERFACE IMPORTED)
    target_include_directories(${name}_headers SYSTEM INTERFACE ${${name}_INCLUDE})
    portcullis_thirdparty(${name} ${name}_headers)
endfunction()

portcullis_thirdparty(boost Boost::headers Threads::Threads) # Asio and Beast
portcullis_thirdparty(boost_json Boost::json)
portcullis_pkg_config(modbus libmodbus)
portcullis_pkg_config(sqlite sqlite3)
portcullis_pkg_config(yaml yaml-cpp)
portcullis_pkg_config(spdlog spdlog)
portcullis_pkg_config(fmt fmt)
portcullis_pkg_config(sodium libsodium)
portcullis_pkg_config(openssl libcrypto)
portcullis_pkg_config(systemd libsystemd)
portcullis_header_only(cli11 CLI/CLI.hpp)
portcullis_header_only(valijson valijson/validator.hpp)

# Debian's PahoMqttCppConfig.cmake looks for a finder of Paho C that the package of Debian 12 does not carry.
find_path(PAHO_INCLUDE mqtt/async_client.h REQUIRED)
find_library(PAHO_CPP paho-mqttpp3 REQUIRED)
find_library(PAHO_C paho-mqtt3as REQUIRED)
add_library(paho_client INTERFACE IMPORTED)
target_include_directories(paho_client SYSTEM INTERFACE ${PAHO_INCLUDE})
target_link_libraries(paho_client INTERFACE ${PAHO_CPP} ${PAHO_C} Threads::Threads)
portcullis_thirdparty(paho paho_client)

if(BUILD_TESTING)
    find_package(Catch2 REQUIRED) # 2.13 on Debian 12, 3 on Debian 13: tests/support/catch.hpp
    portcullis_thirdparty(catch Catch2::Catch2WithMain)
    include(Catch)
    add_custom_target(unit_tests)
endif()
