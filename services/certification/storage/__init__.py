"""Certification's documents in MongoDB, its reads, and its key files."""
