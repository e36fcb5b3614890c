"""What an expression can only get wrong, told from types before it runs."""
