"""Events in over HTTP: read, checked, and stored before the sender is answered."""
