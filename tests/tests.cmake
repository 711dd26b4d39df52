# Tests: what a file may link with follows from where it lies.
#
#   tests/unit/models/**/test_*.c  models and tests/support, nothing else
#   tests/unit/sim/**/test_*.c     the program's library too, without engine
#   tests/driver/test_*.c          the program's library, and the second engine
#   tests/oracle/test_*.c          models, tests/support, and SimGrid as judge
#   tests/*/**/test_*.c            everything, SimGrid included
#   tests/conform/*/*.script       performed by tests/conform/runner, which links
#                                  models, and the library for suggestions
#   tests/cli/*.sh                 run with: the program, the source folder
#   tests/golden/golden.sh         run for each shipped scenario
#
# A script that returns 77 counts as skipped: its tool is not installed.
file(GLOB SUPPORT_SOURCES CONFIGURE_DEPENDS tests/support/*.c)
file(GLOB_RECURSE SUPPORT_SIM_SOURCES CONFIGURE_DEPENDS tests/support/sim/*.c)
file(GLOB_RECURSE TEST_PROGRAMS CONFIGURE_DEPENDS tests/*/test_*.c)
file(GLOB TEST_SCRIPTS CONFIGURE_DEPENDS tests/cli/*.sh)

loansim_library(test_support ${SUPPORT_SOURCES})
target_compile_definitions(test_support PUBLIC _XOPEN_SOURCE=700)
target_link_libraries(test_support PUBLIC models PkgConfig::CHECK)

loansim_library(test_support_sim ${SUPPORT_SIM_SOURCES})
target_link_libraries(test_support_sim PUBLIC loansim_sim test_support)

# The second engine, and the program as it is with that one.
file(GLOB DRIVER_SOURCES CONFIGURE_DEPENDS tests/support/driver/*.c)
loansim_library(test_driver ${DRIVER_SOURCES})
target_compile_definitions(test_driver PUBLIC _XOPEN_SOURCE=700)
set(LOANSIM_DRIVEN "$<LINK_GROUP:RESCAN,loansim_sim,test_driver>" models m)
add_executable(loansim-driver sim/main.c)
loansim_flags(loansim-driver)
target_compile_definitions(loansim-driver PRIVATE ${LOANSIM_DEFINITIONS})
target_link_libraries(loansim-driver PRIVATE ${LOANSIM_DRIVEN})
set_target_properties(loansim-driver PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)

# loansim_test: a Check program, named by its path: unit.models.hw.cpu
function(loansim_test source)
	file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR}/tests ${source})
	string(REGEX REPLACE "test_([^/]*)\\.c$" "\\1" name ${path})
	string(REPLACE "/" "." name ${name})
	add_executable(${name} ${source})
	loansim_flags(${name})
	target_link_options(${name} PRIVATE ${LOANSIM_PLAIN_LINK})
	target_compile_definitions(${name} PRIVATE
	    TEST_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
	set(label quick)
	if(path MATCHES "^unit/models/")
		target_link_libraries(${name} PRIVATE test_support models)
	elseif(path MATCHES "^unit/sim/")
		target_link_libraries(${name} PRIVATE
		    test_support_sim loansim_sim test_support models)
	elseif(path MATCHES "^oracle/")
		target_link_libraries(${name} PRIVATE
		    test_support models PkgConfig::SIMGRID m)
		set(label oracle)
	elseif(path MATCHES "^driver/")
		target_link_libraries(${name} PRIVATE
		    test_support_sim test_support ${LOANSIM_DRIVEN})
	else()
		target_link_libraries(${name} PRIVATE
		    test_support_sim test_support ${LOANSIM_ALL})
		set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
	endif()
	set_target_properties(${name} PROPERTIES
	    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
	add_test(NAME ${name} COMMAND ${name}
	    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
	set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 300)
endfunction()

foreach(source ${TEST_PROGRAMS})
	loansim_test(${source})
endforeach()

if(TARGET loansim)
	foreach(script ${TEST_SCRIPTS})
		get_filename_component(name ${script} NAME_WE)
		add_test(NAME cli.${name}
		    COMMAND ${script} $<TARGET_FILE:loansim>
			${PROJECT_SOURCE_DIR})
		set_tests_properties(cli.${name} PROPERTIES
		    LABELS quick TIMEOUT 900 SKIP_RETURN_CODE 77)
	endforeach()

	# What each shipped scenario did when its golden file was written.
	set(GOLDEN ${PROJECT_SOURCE_DIR}/tests/golden)
	file(GLOB SCENARIOS CONFIGURE_DEPENDS scenarios/*.scn)
	foreach(scenario ${SCENARIOS})
		get_filename_component(name ${scenario} NAME_WLE)
		add_test(NAME golden.${name}
		    COMMAND ${GOLDEN}/golden.sh $<TARGET_FILE:loansim>
			${GOLDEN} ${scenario})
		set_tests_properties(golden.${name} PROPERTIES
		    LABELS quick TIMEOUT 900)
	endforeach()
	add_custom_target(golden-update
	    COMMAND ${GOLDEN}/golden.sh --update $<TARGET_FILE:loansim>
		${GOLDEN} ${SCENARIOS}
	    DEPENDS loansim VERBATIM)
endif()

# Conformance: the runner, and one test for each script.
file(GLOB CONFORM_SOURCES CONFIGURE_DEPENDS tests/conform/runner/*.c)
file(GLOB CONFORM_SCRIPTS CONFIGURE_DEPENDS tests/conform/*/*.script)
add_executable(conform ${CONFORM_SOURCES})
loansim_flags(conform)
target_link_options(conform PRIVATE ${LOANSIM_PLAIN_LINK})
target_link_libraries(conform PRIVATE loansim_sim test_support models)
set_target_properties(conform PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
foreach(script ${CONFORM_SCRIPTS})
	file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR}/tests ${script})
	string(REGEX REPLACE "\\.script$" "" name ${path})
	string(REPLACE "/" "." name ${name})
	add_test(NAME ${name} COMMAND conform ${path}
	    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}/tests)
	set_tests_properties(${name} PROPERTIES LABELS quick TIMEOUT 60)
endforeach()
add_test(NAME conform.runner
    COMMAND ${PROJECT_SOURCE_DIR}/tests/conform/runner/bad/check.sh
	$<TARGET_FILE:conform>)
set_tests_properties(conform.runner PROPERTIES LABELS quick TIMEOUT 60)

# Loaded into the program by the tests of sweeps whose points fail.
add_library(faults MODULE tests/support/faults/faults.c)
loansim_flags(faults)
set_target_properties(faults PROPERTIES
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
target_link_libraries(faults PRIVATE ${CMAKE_DL_LIBS})

# A sweep that is killed again and again: 50 times here, longer as a soak.
if(TARGET loansim)
	foreach(trials 50 200)
		add_test(NAME sweep.kill.${trials}
		    COMMAND ${PROJECT_SOURCE_DIR}/tests/sweep/kill.sh
			$<TARGET_FILE:loansim> ${PROJECT_SOURCE_DIR} ${trials})
	endforeach()
	set_tests_properties(sweep.kill.50 PROPERTIES
	    LABELS full TIMEOUT 900)
	set_tests_properties(sweep.kill.200 PROPERTIES
	    LABELS soak TIMEOUT 3600)
endif()

# The same sweeps on the ranks of a job.
if(TARGET loansim-mpi)
	add_test(NAME sweep.mpi
	    COMMAND ${PROJECT_SOURCE_DIR}/tests/sweep/mpi.sh
		$<TARGET_FILE:loansim> ${PROJECT_SOURCE_DIR}
		$<TARGET_FILE:loansim-mpi>)
	set_tests_properties(sweep.mpi PROPERTIES
	    LABELS full TIMEOUT 900 SKIP_RETURN_CODE 77)
endif()
