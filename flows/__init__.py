"""When, and in what order? The pipeline, the Prefect flows, the command line."""
