"""The Search page: a space, its price, every curve live, and what it all says."""
