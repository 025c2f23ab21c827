"""Is it good enough? Expectations, gate, report."""
