# cmake -D SOURCE_DIR=... -D HEADER=... -P git_revision.cmake
# Writes HEADER with LOANSIM_GIT, only if it changes.
execute_process(
    COMMAND git -C ${SOURCE_DIR} describe --always --dirty
    OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE
    ERROR_QUIET RESULT_VARIABLE status)
if(NOT status EQUAL 0)
	set(revision "none")	# a tarball, or no git here
endif()

set(text "#define LOANSIM_GIT \"${revision}\"\n")
set(before "")
if(EXISTS ${HEADER})
	file(READ ${HEADER} before)
endif()
if(NOT text STREQUAL before)
	file(WRITE ${HEADER} "${text}")
endif()
