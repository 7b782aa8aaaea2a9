"""The view `evidence`: on what every number rests."""
