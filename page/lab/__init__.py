"""The view `lab`: two regimes day by day, all parameters, ledger, export."""
