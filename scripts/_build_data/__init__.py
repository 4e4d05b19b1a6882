"""What ``scripts/build_data`` is made of: rebuild the packaged tables, check them, keep their source records."""
