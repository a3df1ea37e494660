"""Sign-in, my account, people, appointments, agencies, areas."""
