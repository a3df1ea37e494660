"""What is seen on site and attached: the refusals; rows, acts and pages stand with the instruments' own."""
