// It cites R1.4 and R1.9, but is no test.
