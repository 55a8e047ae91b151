"""A class to rehearse with: students who never were, working through a notebook that is real."""
