"""Ids of cells that have none of their own: the page and the command line have to agree."""

from __future__ import annotations

from typing import Any

import pytest

from ipynb_telemetry.notebooks.cellids import cell_ids, is_cell_id

from ..support.samples import read_samples

# `cells.spec.ts` gives the same to the page.
SAMPLES = read_samples("cell_ids")


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample["about"] for sample in SAMPLES])
def test_ids_are_derived_as_the_page_derives_them(sample: dict[str, Any]) -> None:
    assert cell_ids(sample["cells"]) == sample["ids"]
    assert all(map(is_cell_id, sample["ids"]))


def test_stray_ids_count_only_where_they_are_ids() -> None:
    cells: list[dict[str, Any]] = [
        {"cell_type": "raw", "metadata": {}, "source": "", "id": x} for x in ("a", "a", "?")
    ]
    assert "a" not in cell_ids(cells)
    first, *others = cell_ids(cells, is_cell_id)
    assert first == "a"
    assert "?" not in others
    assert len({first, *others}) == 3
