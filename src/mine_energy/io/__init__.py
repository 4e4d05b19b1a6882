"""The edges: the only rooms that open a user's files. Everything wrong with them is told by file, place and value."""
