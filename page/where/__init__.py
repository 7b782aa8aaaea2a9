"""The view `where`: where the reform fails."""
