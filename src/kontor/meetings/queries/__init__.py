"""What the pages of the plan read, by subject: the board, the unplaced, the changes."""
