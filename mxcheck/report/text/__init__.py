"""The text report: findings for people, and with --verbose what each server showed."""
