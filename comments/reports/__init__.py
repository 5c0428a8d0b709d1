"""What readers report about public replies, without an account."""
