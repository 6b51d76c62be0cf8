"""What staff bring in files: how a CSV is read, which columns each file has, how its rows are taken into the tables."""
