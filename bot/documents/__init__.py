"""What is printed or attached: letters, copies of invoices, the file of a case."""
