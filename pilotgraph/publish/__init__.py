"""A data set as a static site: pages for people, RDF beside them, dumps, and what lets others find it.

:func:`pilotgraph.publish.site.publish` writes the site, :mod:`pilotgraph.publish.tree` puts it in place,
:mod:`pilotgraph.publish.parts` tells which triples stand beside which page, and
:mod:`pilotgraph.publish.discovery` gives the dumps and the descriptions.
"""
