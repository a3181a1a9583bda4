"""考核方案 as data: the model, loading with positions, the formula language, the scoring methods, the forms."""
