#!/bin/bash
# Clients, losses and chance: SimGrid and the second engine find the same.
# usage: clients.sh PROGRAM SOURCE-FOLDER
set -u
tests=$(dirname "$1")/tests
status=0
driver=$(CK_RUN_SUITE=clients "$tests/driver.clients" | grep '^found:')
for factory in raw thread; do
	simgrid=$(LOANSIM_CONTEXTS=$factory "$tests/engine.clients" |
		grep '^found:')
	[ -n "$driver" ] && [ "$driver" = "$simgrid" ] || {
		echo "second engine: $driver"
		echo "SimGrid ($factory): $simgrid"
		status=1
	}
done
exit $status
