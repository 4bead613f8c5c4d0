"""The page that answers which cross-links and clusters there are: written from the graph, in Dutch or English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pilotgraph.network.report.analysis import Analysis, analyse
from pilotgraph.network.report.page import write_page
from pilotgraph.progress import silent

if TYPE_CHECKING:
    from pilotgraph.dataset import Dataset
    from pilotgraph.progress import Tell
    from pilotgraph.store.base import Reader

__all__ = ["Analysis", "analyse", "cross_links_page", "write_page"]


def cross_links_page(dataset: Dataset, reader: Reader, language: str = "en", progress: Tell = silent) -> str:
    """Write the page as Markdown: which pilots hang together, through what, how sure, and with which passages.

    The same data give the same page, byte for byte; it takes some tens of seconds. To write it in both languages,
    :func:`analyse` once and give the result to :func:`write_page`. Raises DatasetError if the data set lacks a query,
    or has too many pilots to be told one by one.
    """
    return write_page(analyse(dataset, reader, progress), dataset, reader, language)
