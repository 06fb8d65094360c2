"""The Compare page: any runs side by side, what differs, and whether it is more than luck."""
