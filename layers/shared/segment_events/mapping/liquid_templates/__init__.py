"""Liquid templates as Segment runs them: LiquidJS's results (https://liquidjs.com), its limits.

python-liquid (https://jg-rp.github.io/liquid/) reads and runs the templates. What it leaves to
the language around it is JavaScript's here: texts of values, numbers, comparisons, and the
filters.
"""
