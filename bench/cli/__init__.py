"""The command line: commands, options, tables, progress."""
