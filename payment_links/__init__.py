"""How customers pay: our own signed links, and the providers behind them."""
