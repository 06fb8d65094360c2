"""What the browser shows: a folder a page, and what pages share in widgets/, state/, server/ and components/."""
