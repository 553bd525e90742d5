"""What is written where: reports to files, the screen, streams and signals."""
