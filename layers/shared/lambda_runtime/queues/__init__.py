"""The queues between the ways in and the actions, and the dead-letter queues behind them."""
