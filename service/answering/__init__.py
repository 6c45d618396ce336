"""From a question to an answer whose sentences each carry a checked citation."""
