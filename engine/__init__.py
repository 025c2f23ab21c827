"""How is a big table held and computed? Snapshots, fingerprints, the diff of two tables, geometry."""
