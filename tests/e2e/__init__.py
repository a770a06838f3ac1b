"""Tests of the running programs, in namespaces."""
