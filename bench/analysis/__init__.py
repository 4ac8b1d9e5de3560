"""What follows from records: latencies, intervals, marks, ranks. No torch, nothing stored."""
