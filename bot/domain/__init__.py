"""What Relance knows about money owed and people spoken to: pure, standard library only."""
