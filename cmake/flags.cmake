# Languages, warnings and build types; loansim_library and loansim_flags.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
	set(CMAKE_BUILD_TYPE Release CACHE STRING
	    "Release, Debug or RelWithDebInfo" FORCE)
endif()

# Checks are part of the product: no build type defines NDEBUG.  Symbols stay
# in, so that a failed check can show where it stood.
set(CMAKE_C_FLAGS_RELEASE "-O3 -g")
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -g")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g")

option(LOANSIM_SANITIZE "Build with AddressSanitizer and UBSan" OFF)
option(LOANSIM_COVERAGE "Build with coverage counters" OFF)
option(LOANSIM_WERROR "Turn warnings into errors" ON)

set(LOANSIM_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wshadow
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>)
if(LOANSIM_WERROR)
	list(APPEND LOANSIM_WARNINGS -Werror)
endif()

# Results are the same bytes from every compiler: no fused multiply-add.
set(LOANSIM_CODEGEN -ffp-contract=off)
set(LOANSIM_INSTRUMENT "")
if(LOANSIM_SANITIZE)
	list(APPEND LOANSIM_INSTRUMENT -fsanitize=address,undefined
	    -fno-sanitize-recover=all -fno-omit-frame-pointer)
endif()
if(LOANSIM_COVERAGE)
	list(APPEND LOANSIM_INSTRUMENT --coverage)
endif()

# loansim_flags: what every target of ours is compiled with.
function(loansim_flags target)
	target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
	target_compile_options(${target} PRIVATE
	    ${LOANSIM_WARNINGS} ${LOANSIM_CODEGEN} ${LOANSIM_INSTRUMENT})
	target_compile_definitions(${target} PRIVATE
	    $<$<CONFIG:Debug>:LOANSIM_DEBUG_AUDIT=1>)
	target_link_options(${target} PRIVATE ${LOANSIM_INSTRUMENT})
endfunction()

# loansim_library: a static library; one without files yet gets an empty one.
function(loansim_library target)
	set(sources ${ARGN})
	if(NOT sources)
		set(sources ${PROJECT_BINARY_DIR}/generated/empty.c)
		file(WRITE ${sources} "extern int loansim_empty;\n")
	endif()
	add_library(${target} STATIC ${sources})
	loansim_flags(${target})
endfunction()
