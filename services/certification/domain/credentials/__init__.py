"""The credential engine: Open Badges 3.0 on VC 2.0, Data Integrity proofs, keys, did:web."""
