"""The class view's page, with a line above it: which class this is, and the way out."""

from __future__ import annotations

from html import escape
from typing import Any

from ..answers.page import ClassPageHandler


class ClassViewHandler(ClassPageHandler):
    """Gives the page to an instructor."""

    @property
    def content_security_policy(self) -> str:
        """The policy of the page, which also may send its one form: that to log out."""
        return super().content_security_policy.replace("form-action 'none'", "form-action 'self'")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say in a word that it did not work; Jupyter Server's own page is not at hand here."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code}: the class is read by its instructors, in a browser.")

    def above(self) -> str:
        """Say where events come from, and offer to log out."""
        collector: Any = self.extensionapp
        return (
            '<header class="jp-cv-Collector"><p>'
            f"Class {escape(collector.class_name)}: events come to this class collector,"
            f" {escape(collector.url)}.</p>"
            f'<form method="post" action="{escape(self.base_url)}logout">{self.xsrf_form_html()}'
            "<button>Log out</button></form></header>\n"
        )


ROUTES = [(r"/ipynb-telemetry/class/?", ClassViewHandler)]
