"""Pages of the vocabulary: for readers, for machines, and about proposed labels."""
