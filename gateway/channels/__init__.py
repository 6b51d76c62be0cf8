"""How the world reaches the gateway: aggregators' webhooks in, SMS out."""
