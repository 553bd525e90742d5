"""The JSON report, schema version 1: for programs, with everything that was seen."""
