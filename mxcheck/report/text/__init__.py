"""The text report on the screen."""
