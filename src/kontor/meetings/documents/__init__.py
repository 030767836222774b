"""What leaves the site on paper and as files: schedules and cards as PDF, calendar feeds, the plan as a spreadsheet."""
