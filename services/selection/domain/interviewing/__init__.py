"""Who is interviewed when and by whom."""
