"""The embedded mail world on loopback: what `mxcheck demo` and the tests check against."""
