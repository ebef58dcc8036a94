"""What every service needs and none owns; knows no service."""
