"""What can be done with meetings, by subject: requests, the plan."""
