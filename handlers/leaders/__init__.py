"""What leaders, chairs and groups ask: progress and totals."""
