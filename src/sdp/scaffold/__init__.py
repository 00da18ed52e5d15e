"""What `sdp new` and `sdp plugins new` write: two folders of files, each ending in ``.in``, and what fills them in."""
