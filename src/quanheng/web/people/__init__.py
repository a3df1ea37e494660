"""How people come to their accounts: invitations, requests, and the accounts of a unit."""
