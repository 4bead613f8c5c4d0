"""`python -m pilotgraph`."""

from pilotgraph.cli import main

main()
