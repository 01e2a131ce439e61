"""Random problems of every kind, for tests and benchmarks; equal seeds give equal problems."""

from instances.generate.contested import random_contested
from instances.generate.large import large_problem
from instances.generate.scenarios import random_tree
from instances.generate.survival import random_survival
from instances.generate.world import random_problem

__all__ = ["large_problem", "random_contested", "random_problem", "random_survival", "random_tree"]
