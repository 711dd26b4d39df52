# What must be installed, by the name of its Debian package.
find_package(PkgConfig)
if(NOT PKG_CONFIG_FOUND)
	message(FATAL_ERROR
	    "pkg-config not found (Debian package: pkg-config)")
endif()

# loansim_require: a library, or the name of the package to install.
function(loansim_require prefix module package)
	pkg_check_modules(${prefix} QUIET IMPORTED_TARGET GLOBAL "${module}")
	if(NOT ${prefix}_FOUND)
		message(FATAL_ERROR
		    "${module} not found (Debian package: ${package})")
	endif()
	message(STATUS "${module}: version ${${prefix}_VERSION}")
endfunction()

loansim_require(GLIB "glib-2.0 >= 2.74" libglib2.0-dev)
loansim_require(JSON "json-glib-1.0" libjson-glib-dev)
loansim_require(SIMGRID "simgrid >= 3.32" libsimgrid-dev)
pkg_check_modules(CHECK QUIET IMPORTED_TARGET GLOBAL check)

# Only plot needs gnuplot, and it looks for it when it runs.
find_program(GNUPLOT_PROGRAM gnuplot)
if(NOT GNUPLOT_PROGRAM)
	message(STATUS "gnuplot not found (Debian package: gnuplot-nox): "
	    "plot will say so")
endif()
mark_as_advanced(GNUPLOT_PROGRAM)
