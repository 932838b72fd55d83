"""What plays where, when, how often, and why: campaigns, placements, takeovers, and the resolver."""
