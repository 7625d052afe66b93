# One library per folder. The links given here are the only arrows between folders.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
    # Paths below the checkout count as relative, so that another clone finds what this one compiled.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
endif()

add_library(sandglass_options INTERFACE)
target_include_directories(sandglass_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_features(sandglass_options INTERFACE cxx_std_20)
target_compile_options(sandglass_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Werror)
target_compile_definitions(sandglass_options INTERFACE
    QT_NO_KEYWORDS
    QT_NO_CAST_FROM_ASCII
    QT_NO_CAST_TO_ASCII
    QT_NO_URL_CAST_FROM_STRING
    QT_DISABLE_DEPRECATED_BEFORE=0x060400
    SANDGLASS_VERSION="${PROJECT_VERSION}")
if(SANDGLASS_SANITIZE)
    target_compile_options(sandglass_options INTERFACE
        -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(sandglass_options INTERFACE -fsanitize=address,undefined)
endif()

# sandglass_library(name SOURCES ... LINKS ...): the library sandglass_<name> of this folder.
function(sandglass_library name)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LINKS")
    add_library(sandglass_${name} STATIC ${ARG_SOURCES})
    target_link_libraries(sandglass_${name} PUBLIC sandglass_options ${ARG_LINKS})
endfunction()

# sandglass_test(name SOURCES ... LINKS ... [LABEL label] [TIMEOUT seconds] [ENGINES]): a QtTest
# program of one class. ENGINES: it needs the test rig's Docker Engines, which it gets as its fixture.
function(sandglass_test name)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "ENGINES" "LABEL;TIMEOUT" "SOURCES;LINKS")
    add_executable(test_${name} ${ARG_SOURCES})
    set_target_properties(test_${name} PROPERTIES UNITY_BUILD OFF)
    target_link_libraries(test_${name} PRIVATE sandglass_test_support Qt6::Test ${ARG_LINKS})
    # A test's own code runs once: not to optimize it almost halves the time to compile it (6.4 s to 3.5 s for one of
    # them), and not to link all symbols of what it tests takes nine tenths off its link.
    target_compile_options(test_${name} PRIVATE -O0 -g1)
    target_link_options(test_${name} PRIVATE -fuse-ld=gold $<$<CONFIG:RelWithDebInfo>:-Wl,--strip-debug>)
    target_compile_definitions(test_${name} PRIVATE
        SANDGLASS_SOURCE_DIR="${PROJECT_SOURCE_DIR}" SANDGLASS_BUILD_DIR="${PROJECT_BINARY_DIR}")
    add_test(NAME ${name} COMMAND test_${name})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 60)
    endif()
    if(NOT ARG_LABEL)
        set(ARG_LABEL unit)
    endif()
    set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS ${ARG_LABEL}
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen:configfile=${PROJECT_SOURCE_DIR}/tests/support/offscreen.json;QT_FORCE_ASSERTS=1;QT_LOGGING_RULES=qt.qpa.*=false")
    if(ARG_ENGINES)
        set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED engines)
    endif()
endfunction()
