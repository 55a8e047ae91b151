"""`python -m ipynb_telemetry` is `jupyter telemetry`."""

import sys

from .cli.main import main

sys.exit(main())
