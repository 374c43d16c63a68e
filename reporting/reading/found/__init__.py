"""What is found in a text before anything is decided: names, clauses, scopes, tables, and how far all of it stands."""
