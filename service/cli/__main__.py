"""`python -m service.cli`: the same as `groundwire`."""

import sys

from service.cli import main

sys.exit(main())
