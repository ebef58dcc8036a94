"""What a credential must look like: VC data model 2.0 and Open Badges 3.0, without its proofs."""
