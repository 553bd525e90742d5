"""Questions to resolvers and name servers."""
