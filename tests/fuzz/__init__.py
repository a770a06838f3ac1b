"""Fuzzing with libFuzzer: the targets (*.cpp), their seeds (seeds.py), and what was found once (corpus/)."""
