"""Certificate: its dates, its names, and whether it leads to a trusted root."""
