"""The pages of a published site: what stands on each, in Dutch and English.

A module a kind of page. Each gives :class:`pilotgraph.pages.site.page.Page` objects, which
:mod:`pilotgraph.publish` renders and writes with their RDF.
"""
