"""How fast the site is, as ratios of one run: `python -m bench.speed`. docs/benchmarks.md tells the method."""
