"""Training the model that tells whether a sentence follows from a text, and the data for it."""
