"""What a visit is: its address, workspace, settings, questions and chosen runs."""
