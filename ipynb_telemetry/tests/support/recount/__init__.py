"""A class counted again, plainly: one pass over each student's raw events, in plain dicts.

No code of `answers` nor of the store's aggregates has a part in this: only the key of an error is
made by `errorfold`. What each figure means is said by the docstrings of `answers`.
"""
