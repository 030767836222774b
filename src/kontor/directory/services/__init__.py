"""What can be done in the directory: organisations and their names, sites, people, clusters, merging."""
