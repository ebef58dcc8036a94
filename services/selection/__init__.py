"""Who gets a place: eligibility, reviews, interviews, allocation, offers, appeals."""
