"""What keeps the database true as time passes: periods opened and locked, heirs seated, old texts cleaned."""
