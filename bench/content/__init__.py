"""Articles and replies for measuring, made by `python -m bench.content`. The same seed gives the same ones."""
