"""Energy audit, PV sizing, money and Scope 2 for small gold mines and mills in Colombia and Peru."""
