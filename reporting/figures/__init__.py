"""What is counted: the catalogue of indicators, the forms that ask them, values and their totals."""
