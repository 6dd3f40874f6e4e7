"""Runs a command on its own terminal: terminal.py <question> <answer> <command…>

It forwards the output, and types the answer each time after the question: a line, or a control character as it is. If both are empty, it
types nothing."""

import os
import pty
import sys

question, answer, *command = sys.argv[1:]
printed = ""


def read(terminal: int) -> bytes:
    global printed
    data = os.read(terminal, 1024)
    printed += data.decode(errors="replace")
    if answer and question in printed:
        os.write(terminal, (answer if answer < " " else f"{answer}\r").encode())
        printed = ""
    return data


# a new terminal has no rows and no columns
sized = ["sh", "-c", 'stty rows 24 cols 80 && exec "$@"', "sh", *command]
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sized, read)))
