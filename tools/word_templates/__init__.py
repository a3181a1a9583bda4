"""Builds the Word templates that are shipped; nothing here runs when notices are made."""
