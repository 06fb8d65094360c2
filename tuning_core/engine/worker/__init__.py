"""What happens on a worker, and the messages that it gets and sends."""
