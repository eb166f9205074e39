"""The law as data: packs of dated rules, merged most-restrictive, judge one attempt at one instant."""
