"""What a column of text holds: numbers, dates, labels, or a mixture to ask about."""
