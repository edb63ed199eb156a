"""Pages of HTML: the explorer that holds the model, and the style, base and policy that all pages share."""
