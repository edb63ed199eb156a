"""From findings to tables, pictures and pages."""

import logging

logging.getLogger("matplotlib").setLevel(logging.ERROR)  # without a home folder it would talk about its font cache
