"""Subscriptions, endpoints, deliveries, and what of an event a partner may see."""
