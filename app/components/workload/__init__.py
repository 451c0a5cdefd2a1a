"""Components of the page Workload."""
