"""Regular expressions of XPath, matched in linear time by a matcher of our own."""
