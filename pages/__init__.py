"""How does it look? Templates, texts, numbers and dates, inline charts and maps."""
