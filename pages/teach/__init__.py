"""The page that makes links for a class."""
