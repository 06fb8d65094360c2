"""What both components are made of."""
