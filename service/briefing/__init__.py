"""What happened on a topic: planned, written from checked sentences, and compared with the last time."""
