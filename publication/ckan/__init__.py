"""Publication to a CKAN portal: what a dataset should look like there, what it looks like, and the way from one to the other."""
