"""``python -m mine_energy`` is the command ``mine-energy``."""

from mine_energy.cli import main

if __name__ == "__main__":
    main()
