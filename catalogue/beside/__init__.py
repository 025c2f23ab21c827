"""What lies beside DCAT: schema.org for search engines, data contracts (ODCS), Amsterdam Schema, the codes of a data dictionary."""
