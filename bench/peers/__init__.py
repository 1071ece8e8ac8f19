"""The servers that the node is compared with, a file each, set up as their authors advise for speed."""
