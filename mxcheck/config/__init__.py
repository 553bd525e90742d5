"""The configuration of a run, from flags, environment variables and mxcheck.toml.

A value may come from three layers; a flag wins over a variable, a variable over the file. Every
layer is read before anything is reported, so that a user sees all mistakes at once. Each mistake
names its place: the flag, the variable, or the line of the file. An unknown key is a mistake too,
with a suggestion: a misspelt `ignore` must not silently check less.

- flags.py is the table of all settings; model.py has their types, values.py their checks
- file.py and lines.py read TOML, and remember the line of each value
- layers.py merges the three; load.py builds the Config that app.py runs
- overrides.py reads overrides: records, certificates and policies that are not live yet
"""
