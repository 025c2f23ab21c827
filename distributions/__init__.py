"""What files does a citizen take along? One writer a format."""
