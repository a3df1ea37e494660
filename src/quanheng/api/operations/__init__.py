"""API v1 by subject: reading goes through queries, writing through the services of the acts."""
