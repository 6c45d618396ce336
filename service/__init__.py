"""groundwire: news articles in, cited and checked answers out."""
