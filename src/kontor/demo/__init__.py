"""The sample event, generated from a seed: the 2018 conference in Jinan; facts as facts, the rest marked as sample data."""
