"""The verbs of `jupyter telemetry`, a file each.

A verb has HELP (its first line is the summary), EXAMPLES, OUTPUT, `add_arguments(parser)` and
`run(args, report)`. They import what is slow when they run, so that the command starts at once.
"""
