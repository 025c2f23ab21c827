"""Is it good enough? Expectations through Great Expectations, the gate by severity, a report without values."""
