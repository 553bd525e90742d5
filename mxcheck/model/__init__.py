"""Values that every part of the program shares: policy, targets, waivers, locations."""
