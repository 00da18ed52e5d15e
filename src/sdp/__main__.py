"""``python -m sdp`` is ``sdp``."""

import sys

from sdp.cli.main import main

sys.exit(main())
