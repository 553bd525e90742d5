"""What the servers of real operators say, and what every rule makes of it."""
