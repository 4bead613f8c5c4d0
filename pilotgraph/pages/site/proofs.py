"""Where the proof is: a page for each claim, passage, source and contradiction."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pilotgraph.pages.site import data, formats, paging
from pilotgraph.pages.site.addresses import stem_of
from pilotgraph.pages.site.claims import proof, say, source_language
from pilotgraph.pages.site.formats import capital
from pilotgraph.pages.site.graph import is_web, p, shortened, slug
from pilotgraph.pages.site.page import Page, Sheet, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pilotgraph.pages.site.page import Made, Site

CONTEXT = 450
_TITLE = 90
_LIST = 15


def pages(site: Site, language: str) -> Iterator[Made]:
    """A page for each claim, passage, source and contradiction."""
    graph = site.graph
    for claim in site.claims:
        if stem := stem_of(claim, site.base):
            yield partial(_made, _claim, site, language, claim, stem)
    for class_, make in (("Evidence", _passage), ("SourceDocument", _source), ("Contradiction", _contradiction)):
        for iri in graph.of_class(class_):
            if stem := stem_of(iri, site.base):
                yield partial(_made, make, site, language, iri, stem)


def _made(make: Callable[[Sheet, str, str], Page], site: Site, language: str, iri: str, stem: str) -> Page:
    return make(Sheet(site, language, f"{stem}.html"), iri, stem)


def _claim(sheet: Sheet, iri: str, stem: str) -> Page:
    said = say(sheet, iri)
    about = sheet.graph.iri(iri, p("pg:about"))
    passages = [
        {
            "proof": proof(sheet, passage),
            "context": context(sheet, passage),
            "language": source_language(sheet, passage),
        }
        for passage in sheet.graph.iris(iri, p("pg:evidence"))
    ]
    up = stem_of(about, sheet.site.base)
    finding = "Finding" in sheet.graph.classes(iri)
    title = f"{said.about.text}: {shortened(said.text, _TITLE)}" if said.about.text else shortened(said.text, _TITLE)
    return Page(
        path=f"{stem}.html",
        template="site/claim.html",
        title=title,
        description=sheet.about(f"{said.kind}.", said.text),
        values={"said": said, "passages": passages, "data": data.whole(sheet, iri)},
        subjects=(iri, *sheet.graph.iris(iri, p("pg:evidence"))),
        rdf=f"doc/{stem}",
        trail=((said.about.text, f"{up}.html"),) if up and said.about.text else (),
        section="finding/index.html" if finding else "pilot/index.html",
        found=(said.kind, said.text) if finding else None,
    )


def context(sheet: Sheet, passage: str) -> tuple[str, str, str] | None:
    """The words before a passage, the passage and the words after it, if the source's text is at hand."""
    graph = sheet.graph
    source = sheet.site.texts.get(graph.iri(passage, p("oa:hasSource")))
    start, end = graph.number(passage, p("pg:start")), graph.number(passage, p("pg:end"))
    if source is None or start is None or end is None or not 0 <= start < end <= len(source.text):
        return None
    low, high = _record(sheet, passage, start, end) or (0, len(source.text))
    before, after = source.text[max(low, start - CONTEXT) : start], source.text[end : min(high, end + CONTEXT)]
    if start - CONTEXT > low:
        before = "… " + before.partition(" ")[2]
    if end + CONTEXT < high:
        after = after.rpartition(" ")[0] + " …"
    return before, source.text[start:end], after


def _record(sheet: Sheet, passage: str, start: int, end: int) -> tuple[int, int] | None:
    """The extent of the record in which a passage lies: what stands beyond it is about something else."""
    extents = sheet.site.records.get(sheet.graph.iri(passage, p("oa:hasSource")), [])
    return next(((low, high) for low, high, _ in extents if low <= start and end <= high), None)


def _passage(sheet: Sheet, iri: str, stem: str) -> Page:
    graph, words = sheet.graph, sheet.words
    one = proof(sheet, iri)
    source = graph.iri(iri, p("oa:hasSource"))
    users = graph.subjects(iri, p("pg:evidence"))
    claims = [say(sheet, user) for user in users if user.startswith(f"{sheet.site.base}id/claim/")]
    others = [sheet.thing(user) for user in users if not user.startswith(f"{sheet.site.base}id/claim/")]
    up = stem_of(source, sheet.site.base)
    words_in = one.starts if one.starts == one.ends else f"{one.starts} … {one.ends}"
    return Page(
        path=f"{stem}.html",
        template="site/passage.html",
        title=words["passage_title"].format(place=one.place or one.source),
        description=sheet.about(f"{one.source}, {one.place}:", f"‘{words_in}’."),
        values={
            "proof": one,
            "context": context(sheet, iri),
            "language": source_language(sheet, iri),
            "claims": sorted(claims, key=lambda s: (s.about.text.casefold(), s.kind, s.text)),
            "others": [other for other in others if other.href],
            "data": data.whole(sheet, iri),
        },
        subjects=(iri,),
        rdf=f"doc/{stem}",
        trail=((words["lists"]["source"], "source/index.html"), *(((one.source, f"{up}.html"),) if up else ())),
        section="source/index.html",
    )


def _source(sheet: Sheet, iri: str, stem: str) -> Page:
    graph, words = sheet.graph, sheet.words
    parts, number = _parts(sheet, iri)
    about = sheet.text(iri, "dct:description")
    address = graph.value(iri, p("dcat:landingPage"))
    shown = sum(len(passages) for _, _, passages in parts)
    facts = [
        (words["publisher"], [sheet.thing(x) for x in graph.iris(iri, p("dct:publisher"))]),
        (words["issued"], [Text(formats.date(graph.value(iri, p("dct:issued")), sheet.language))]),
        (
            words["public_address"],
            [Text(address, address if is_web(address) else "", outside=True)]
            if address
            else [Text(words["unknown_address"])],
        ),
        (words["digest"], [Text(graph.value(iri, p("pg:digest")))]),
        (words["passages"], [Text(formats.number(str(number), sheet.language))]),
    ]
    return Page(
        path=f"{stem}.html",
        template="site/source.html",
        title=sheet.label(iri),
        description=sheet.about(about.text) or sheet.label(iri),
        values={
            "about": about,
            "facts": [(name, texts) for name, texts in facts if any(t.text for t in texts)],
            "parts": parts,
            "part": words["first_of"].format(n=shown, total=number) if shown < number else "",
            "whole": paging.table_of(sheet, "Evidence"),
            "has_text": iri in sheet.site.texts,
            "data": data.whole(sheet, iri),
        },
        subjects=(iri,),
        rdf=f"doc/{stem}",
        trail=((words["lists"]["source"], "source/index.html"),),
        section="source/index.html",
        schema={
            "@context": "https://schema.org",
            "@type": "Report",
            "@id": iri,
            "name": sheet.label(iri),
            **({"url": address} if is_web(address) else {}),
            **({"datePublished": issued} if (issued := graph.value(iri, p("dct:issued"))) else {}),
        },
        found=(words["kinds"]["source"], about.text),
    )


def _parts(sheet: Sheet, source: str) -> tuple[list[tuple[str, Text, list[Any]]], int]:
    """The passages of a source, in its own order, under the record or the section in which they stand.

    Of very many these are the first; the number is that of all.
    """
    graph = sheet.graph
    records = sheet.site.records.get(source, [])
    passages = [x for x in graph.subjects(source, p("oa:hasSource")) if "Evidence" in graph.classes(x)]
    ordered = sorted(passages, key=lambda x: graph.number(x, p("pg:start")) or 0)
    groups: dict[str, list[tuple[int, Any]]] = {}
    for passage in ordered[: paging.MOST_PASSAGES]:
        at = graph.number(passage, p("pg:start")) or 0
        of = next((thing for start, end, thing in records if start <= at < end), "")
        key = of or graph.iri(passage, p("pg:section"))
        groups.setdefault(key, []).append((at, proof(sheet, passage)))
    keys = sorted(groups, key=lambda key: (min(at for at, _ in groups[key]), key))
    parts = [
        (
            f"p{number}",
            sheet.thing(key) if key else Text(sheet.words["elsewhere"]),
            [one for _, one in sorted(groups[key], key=lambda g: (g[0], g[1].href))],
        )
        for number, key in enumerate(keys, 1)
    ]
    return parts, len(passages)


def _contradiction(sheet: Sheet, iri: str, stem: str) -> Page:
    graph, words = sheet.graph, sheet.words
    kind, severity = (graph.iri(iri, p(name)) for name in ("pg:contradictionKind", "pg:severity"))
    claims = [say(sheet, claim) for claim in graph.iris(iri, p("pg:joins"))]
    about = list(dict.fromkeys(said.about for said in claims if said.about.text))
    explanation = sheet.text(iri, "pg:explanation")
    names = ", ".join(text.text for text in about[:2]) + (" …" if len(about) > 2 else "")  # noqa: PLR2004 - two fit
    apparent = sheet.site.is_apparent(iri)
    title = words["apparent_title" if apparent else "contradiction_title"].format(names=names or slug(iri))
    return Page(
        path=f"{stem}.html",
        template="site/contradiction.html",
        title=f"{title} – {sheet.label(kind)}" if kind and not apparent else title,
        description=sheet.about(explanation.text) or title,
        values={
            "apparent": apparent,
            "explanation": explanation,
            "reason": sheet.text(iri, "pg:reason"),
            "facts": [
                (words["kind_of_contradiction"], [sheet.thing(kind)] if kind else []),
                (words["severity"], [sheet.thing(severity)] if severity else []),
                (words["about"], about),
            ],
            "claims": claims,
            "preferred": set(graph.iris(iri, p("pg:preferredClaim"))),
            "data": data.whole(sheet, iri),
        },
        subjects=(iri,),
        rdf=f"doc/{stem}",
        trail=((words["contradictions"], "contradiction/index.html"),),
        section="contradiction/index.html",
        found=(capital(words["kinds"]["contradiction"]), explanation.text),
    )
