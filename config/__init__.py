"""What does this municipality promise? Models, loader, value lists, identifier checks, errors and messages."""
