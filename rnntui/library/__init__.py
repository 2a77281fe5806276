"""What there is to open: lessons with one's progress, cells, recent runs, files of one's own."""
