"""`python -m ipynb_telemetry` is `jupyter telemetry`."""

import sys

from .cli import main

sys.exit(main())
