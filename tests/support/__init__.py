"""Real servers and fixtures the tests run against."""
