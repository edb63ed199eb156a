"""The page in a real browser: collected only where SUMMITRY_BROWSER=1 says that one is there."""

from __future__ import annotations

import os

collect_ignore = [] if os.environ.get("SUMMITRY_BROWSER") == "1" else ["test_page_browser.py"]
