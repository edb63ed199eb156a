"""Pages of HTML: the explorer that holds the model, and what every printed page shares (one style, one base, one policy)."""
