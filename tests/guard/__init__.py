"""Tests of who is let in: checkouts and files that somebody else may have prepared."""
