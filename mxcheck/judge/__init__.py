"""From evidence to a verdict: every rule is asked, and levels and waivers are applied."""
