"""Kulturkontor: the back office of a municipal development programme."""
