"""Bytes become a Table: encoding, layout, delimiter, header, rows."""
