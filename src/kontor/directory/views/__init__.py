"""Pages of the directory: for everybody, for an organisation's own people, and for the staff of clusters."""
