"""Award rules, certificates, their verification, and alumni."""
