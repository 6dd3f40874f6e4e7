"""Runs a command on a terminal of its own and passes on what it prints there."""

import os
import pty
import sys

sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
