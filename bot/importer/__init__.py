"""What an import file says: its rows, how it writes sums and days, and where its customers live."""
