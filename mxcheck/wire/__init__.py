"""Pure parsers: bytes and text from the wire to values, without I/O."""
