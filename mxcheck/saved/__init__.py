"""Saved evidence: written by `--save-evidence`, read by `mxcheck judge`.

The file contains what was seen, and nothing that was concluded. It may come from anywhere, so
reading it is strict: unknown keys, wrong types and sizes are refused, and so is evidence that
contradicts itself, such as a visit to an address that no lookup returned (coherence.py).
"""
