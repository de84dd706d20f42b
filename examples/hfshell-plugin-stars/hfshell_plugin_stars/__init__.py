"""Stars for reviews: a task for hfshell."""
