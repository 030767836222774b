"""Pages of meetings, by subject: requests, the plan, everybody's day."""
