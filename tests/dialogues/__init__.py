"""Servers written after what operators' servers say, and what every rule makes of them.

None is a recording. `source` names whose wording a server follows: documentation, source code, or
transcripts and bounces that others published. The lines that no source gives are filled in.
"""
