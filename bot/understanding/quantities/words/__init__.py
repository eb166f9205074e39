"""What words mean, one table a language; written without accents, as folded texts are."""
