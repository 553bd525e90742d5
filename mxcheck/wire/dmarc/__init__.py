"""DMARC (RFC 9989): what a domain asks receivers to do with mail that only pretends to be from it.

A receiver looks for the record at `_dmarc.` and the domain of the From field. Without one there, it
walks up the tree, one label less at a time, in at most eight lookups; no list of public suffixes
decides where the organisation begins (RFC 9989 4.10). `record.py` parses one record, `walk.py`
finds the one that applies in recorded lookups, `reports.py` reads who may receive the reports
(RFC 9990 4).
"""
