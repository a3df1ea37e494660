"""What benchmarks serve beside the product."""
