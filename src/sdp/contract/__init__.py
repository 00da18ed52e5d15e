"""What travels through sdp, and what a plugin implements."""
