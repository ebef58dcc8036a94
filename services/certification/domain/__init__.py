"""What an award asks, what a certificate is: rules without storage or network."""
