"""Reports with their values, petitions, texts and the audit."""
