"""The formats that lists of devices come in: one file for each, with `looks_like` and a function of text and name."""
