"""The operations of API v1, by subject. Reading goes through queries, writing through the services of the acts."""
