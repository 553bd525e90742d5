"""Tests of mxcheck.probe.via."""
