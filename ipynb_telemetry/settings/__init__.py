"""What the settings of JupyterLab and the server say, read from their files."""
