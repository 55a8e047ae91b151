"""The class collector: one collector for a whole class, without a Jupyter server around it."""
