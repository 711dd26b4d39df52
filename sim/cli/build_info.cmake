# What the program knows about its own build.
#
# The definitions are fixed when CMake runs.  The git revision changes with each
# commit: a header that is written at build time, and only when it differs, so
# that a commit compiles one file again and not all of them.
set(LOANSIM_DEFINITIONS
    LOANSIM_VERSION="${PROJECT_VERSION}"
    LOANSIM_BUILD_TYPE="$<CONFIG>"
    LOANSIM_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
    LOANSIM_INSTALL_DATADIR="${CMAKE_INSTALL_FULL_DATADIR}/loansim")

set(BUILD_INFO_HEADER ${PROJECT_BINARY_DIR}/generated/build_info.h)
add_custom_target(build_info
    COMMAND ${CMAKE_COMMAND}
	-D SOURCE_DIR=${PROJECT_SOURCE_DIR}
	-D HEADER=${BUILD_INFO_HEADER}
	-P ${PROJECT_SOURCE_DIR}/sim/cli/git_revision.cmake
    BYPRODUCTS ${BUILD_INFO_HEADER}
    COMMENT "Asking git for the revision"
    VERBATIM)

# loansim_use_build_info: LOANSIM_GIT for the file that prints it.
function(loansim_use_build_info target)
	add_dependencies(${target} build_info)
	set_source_files_properties(
	    ${PROJECT_SOURCE_DIR}/sim/run/program.c PROPERTIES
	    COMPILE_OPTIONS "-include;${BUILD_INFO_HEADER}")
endfunction()
