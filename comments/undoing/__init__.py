"""Taking a decision back within some seconds: everything is as it was before."""
