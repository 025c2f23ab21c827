"""What a check run found, written for people and programs: JSON, a page, PDF, CSV and JUnit; never with a value of the data."""
