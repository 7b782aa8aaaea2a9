"""A documented, repeatable fit of a few numbers to published figures (`chuishao calibrate`)."""
