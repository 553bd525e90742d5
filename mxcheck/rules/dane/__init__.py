"""Rules about DANE."""
