"""The document engine: a certificate's content set on paper by typst, the same bytes each time."""
