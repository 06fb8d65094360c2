"""What a page cannot work out itself: one kind of question a file, each answered with JSON, a file, or a refusal in words."""
