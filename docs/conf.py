"""How Sphinx builds the documentation: `npm run docs:site`."""

import json
from pathlib import Path

ROOT = Path(__file__).parent.parent
REPOSITORY = "https://github.com/ipynb-telemetry/ipynb-telemetry"

project = "ipynb-telemetry"
author = "ipynb-telemetry contributors"
copyright = author  # noqa: A001  Sphinx reads this name
version = release = json.loads((ROOT / "package.json").read_text("utf-8"))["version"]

extensions = ["myst_parser", "sphinx_copybutton", "sphinx_design"]
exclude_patterns = ["_build"]
source_suffix = {".md": "markdown"}
# A link that leads nowhere is an error: the build turns warnings into errors.
nitpicky = True

myst_enable_extensions = ["colon_fence", "deflist"]
# A link may lead to a heading, under the name GitHub gives it.
myst_heading_anchors = 3

html_theme = "pydata_sphinx_theme"
html_title = "ipynb-telemetry"
html_show_sourcelink = False
html_theme_options = {
    "github_url": REPOSITORY,
    "navigation_with_keys": False,
    "show_toc_level": 2,
    "navbar_align": "left",
    "header_links_before_dropdown": 6,
    "secondary_sidebar_items": ["page-toc"],
    # No picture, font or script of anybody else is loaded by a reader's browser.
    "logo": {"text": "ipynb-telemetry"},
}

linkcheck_anchors = False
# The addresses of examples, of a reader's own server, and those that ask for a login.
linkcheck_ignore = [
    r"https?://localhost.*",
    r"https://(us|eu)\.i\.posthog\.com.*",
    r"https://github\.com/ipynb-telemetry/.*",
    r"https://raw\.githubusercontent\.com/ipynb-telemetry/.*",
]
