"""Keys of the API: issued, collected once by their holders, revoked."""
