"""One run: what it takes in batch by batch, who extracts the batches, what it counts, and how it tells about itself."""
