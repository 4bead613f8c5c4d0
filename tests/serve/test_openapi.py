"""The description of the query links for programs: valid, whole, and true."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from pilotgraph.dataset import Dataset
from pilotgraph.load import open_cached
from pilotgraph.queries import CLAIMS_VARIABLE, bind, find_query
from pilotgraph.serve.edition import KINDS
from pilotgraph.serve.openapi_document import columns
from pilotgraph.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from conftest import Live


# Looking up all passages of all answers would only make the test slower.
PROVEN = {f"/query/{name}.{{format}}": "true" for name in ("contradictions", "money-totals", "partners-of-pilots")}


@pytest.fixture(scope="module")
def described(live: Live) -> dict[str, Any]:
    """The description as the server gives it."""
    got = live.client.get("/openapi.json")
    assert got.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.1"
    return dict(got.json())


def test_it_is_valid(described: dict[str, Any]) -> None:
    """By the schema of OpenAPI 3.1; the validator notices a fault."""
    validate(described, cls=OpenAPIV31SpecValidator)
    with pytest.raises(Exception, match=r"info"):
        validate({k: v for k, v in described.items() if k != "info"}, cls=OpenAPIV31SpecValidator)


def test_every_query_is_in_it(described: dict[str, Any]) -> None:
    """With each parameter of its header but the language, which all have, in both languages of the reader."""
    dataset = Dataset.open()
    for kind in KINDS:
        for path in dataset.query_files(kind):
            query = find_query(dataset, path.stem)
            operation = described["paths"][f"/query/{path.stem}.{{format}}"]["get"]
            own = {p["name"]: p for p in operation["parameters"] if "name" in p}
            assert {name: p["required"] for name, p in own.items()} == {
                p.name: p.required for p in query.parameters if p.name != "lang"
            }
            assert query.say("summary", "nl") in operation["description"]
            assert query.say("summary", "en") in operation["description"]
            assert operation["tags"] == [kind]


def test_the_columns_are_those_of_the_answers() -> None:
    """What the description reads in the text of a query is what the engine reads in it."""
    dataset = Dataset.open()
    reader = open_cached(dataset)
    for kind in KINDS:
        for path in dataset.query_files(kind):
            query = find_query(dataset, path.stem)
            given = {p.name: "zsm" for p in query.parameters if p.required}
            variables = EmbeddedStore().select(bind(query, given, dataset, reader)).variables
            assert columns(query) == [v.value for v in variables if v.value != CLAIMS_VARIABLE], path.stem


def test_answers_are_as_described(live: Live, described: dict[str, Any]) -> None:
    """The JSON of every question fits its schema, some with the passages; the examples are values that answer."""
    whole = Resource(contents=described, specification=DRAFT202012)
    registry = Registry().with_resource("urn:openapi", whole)
    questions = {path: x for path, x in described["paths"].items() if x["get"]["tags"] == ["question"]}
    for path, item in questions.items():
        parameters = [p for p in item["get"]["parameters"] if "name" in p]
        given = {p["name"]: next(iter(p["examples"].values()))["value"] for p in parameters if p["required"]}
        got = live.client.get(path.replace("{format}", "json"), params=given | {"evidence": PROVEN.get(path, "false")})
        assert got.status_code == 200, (path, got.text)
        pointer = path.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
        schema = f"urn:openapi#/paths/{pointer}/get/responses/200/content/application~1json/schema"
        jsonschema.Draft202012Validator({"$ref": schema}, registry=registry).validate(got.json())


def test_few_values_are_listed(described: dict[str, Any]) -> None:
    """A program sees which slugs there are, as long as they are few."""
    parameters = described["paths"]["/query/partners-of-pilots.{format}"]["get"]["parameters"]
    schemas = {p["name"]: p["schema"] for p in parameters if "name" in p}
    assert "zsm" in schemas["pilot"]["enum"]
    assert "funder" in schemas["role"]["enum"]
    assert schemas["actor"] == {"type": "string", "minLength": 1}


def test_the_page_for_programmers_has_every_query(live: Live, described: dict[str, Any]) -> None:
    """With an example that answers."""
    page = live.client.get("/api.html?lang=en").text
    names = [path.removeprefix("/query/").removesuffix(".{format}") for path in described["paths"]]
    assert [name for name in names if f'<h3 id="{name}">' not in page] == []
    assert live.client.get("/query/pilot-dossier.json?pilot=zsm&lang=en").status_code == 200


def test_every_answer_can_be_proven(live: Live, described: dict[str, Any]) -> None:
    """No question, asked with its passages, meets a fault: all that a confined worker needs is there before."""
    faults = {}
    for path in described["paths"]:
        if path.endswith(".{format}"):
            got = live.client.get(path.format(format="csv"), params={"evidence": "true"})
            if got.status_code not in {HTTPStatus.OK, HTTPStatus.BAD_REQUEST, HTTPStatus.SERVICE_UNAVAILABLE}:
                faults[path] = got.text
    assert faults == {}
