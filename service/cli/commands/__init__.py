"""One module a command: `run(arguments, console)` returns its exit code."""
