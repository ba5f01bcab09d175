"""The OpenAPI document: complete, and true for real answers."""

import re
from typing import Any
from uuid import UUID

import pytest
from starlette.routing import Route

from protocol.ids import new_id
from protocol.observation import Flag, FlagKind, NextStep
from sync_server.sync_api.openapi import description
from tests.server.firm import NOW, Firm, Tablet, photo_of


class Mismatch(AssertionError):
    """A value is not what the schema says."""


def check(value: Any, schema: dict[str, Any], at: str = "") -> None:
    """Hold a value against a schema: the part of JSON Schema 2020-12 that the document uses, and strictly,
    so that a field that is not described is a mismatch too."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        check(value, description()["components"]["schemas"][name], at)
        return
    for word in ("anyOf", "oneOf"):
        if word in schema:
            _check_any(value, schema[word], at)
            return
    if "const" in schema and value != schema["const"]:
        raise Mismatch(f"{at}: {value!r} is not {schema['const']!r}")
    if "enum" in schema and value not in schema["enum"]:
        raise Mismatch(f"{at}: {value!r} is none of {schema['enum']}")
    kind = schema.get("type")
    kinds = {
        "string": str,
        "integer": int,
        "boolean": bool,
        "array": list,
        "object": dict,
        "null": type(None),
    }
    if kind and (not isinstance(value, kinds[kind]) or (kind == "integer" and isinstance(value, bool))):
        raise Mismatch(f"{at}: {value!r} is no {kind}")
    if schema.get("format") == "uuid":
        UUID(value)
    if schema.get("format") == "date-time" and not re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", value):
        raise Mismatch(f"{at}: {value!r} is no moment")
    if kind == "array":
        for place, item in enumerate(value):
            check(item, schema.get("items", {}), f"{at}/{place}")
    if kind == "object" and "properties" in schema:
        for name in schema.get("required", []):
            if name not in value:
                raise Mismatch(f"{at}: {name} is missing")
        for name, item in value.items():
            if name not in schema["properties"]:
                raise Mismatch(f"{at}: {name} is not described")
            check(item, schema["properties"][name], f"{at}/{name}")


def _check_any(value: Any, schemas: list[dict[str, Any]], at: str) -> None:
    complaints = []
    for schema in schemas:
        try:
            check(value, schema, at)
        except (Mismatch, ValueError, TypeError, AttributeError) as error:
            complaints.append(str(error))
        else:
            return
    raise Mismatch(f"{at}: fits none of {len(schemas)}: {complaints}")


def answer_schema(method: str, path: str, status: int) -> dict[str, Any]:
    responses = description()["paths"][path][method]["responses"]
    (content,) = responses[str(status)]["content"].values()
    schema: dict[str, Any] = content["schema"]
    return schema


def test_every_route_is_described_and_nothing_else(firm: Firm) -> None:
    described = {
        (method.upper(), path) for path, methods in description()["paths"].items() for method in methods
    }
    routed = {
        (method, route.path)
        for route in firm.app.routes
        if isinstance(route, Route) and route.path.startswith("/sync/")
        for method in route.methods or ()
        if not (method == "HEAD" and "GET" in (route.methods or ()))
    }
    assert routed - described == {("OPTIONS", "/sync/v1/media/{name}")}  # the same as for the whole folder
    assert described - routed == set()


def test_it_is_served_as_openapi_3_1(firm: Firm) -> None:
    answer = firm.http.get("/sync/v1/openapi.json")
    assert answer.json() == description()
    assert answer.json()["openapi"].startswith("3.1.")


def test_every_reference_leads_somewhere() -> None:
    schemas = description()["components"]["schemas"]
    references = set(re.findall(r"'#/components/schemas/([^']+)'", str(description())))
    assert references <= set(schemas)


def test_real_answers_are_as_described(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe(
        next_step=NextStep(text="x", due_on=NOW.date()),
        flag=Flag(kind=FlagKind.PERSONAL, purpose="x"),
        photos=(photo_of("a" * 64),),
        visit_id=new_id(),
    )
    bad = anna.observe().as_dict() | {"type": "x"}
    push = anna.send(observation, anna.comment(observation, "x"), anna.revise(observation, "y"), bad)
    pull = anna.ask_page()
    pair = firm.http.post("/sync/v1/pair", json={"code": "x"})

    check(push.json(), answer_schema("post", "/sync/v1/push", 200))
    check(pull.json(), answer_schema("get", "/sync/v1/pull", 200))
    check(firm.http.get("/sync/v1/hello").json(), answer_schema("get", "/sync/v1/hello", 200))
    check(anna.paired.as_dict(), answer_schema("post", "/sync/v1/pair", 200))
    check(pair.json(), answer_schema("post", "/sync/v1/pair", pair.status_code))
    for entity in ("customer", "history", "observation"):
        assert any(item["entity"] == entity for item in pull.json()["items"])


def test_real_requests_are_as_described(anna: Tablet) -> None:
    observation = anna.observe(photos=(photo_of("a" * 64),))
    schema = description()["paths"]["/sync/v1/push"]["post"]["requestBody"]["content"]["application/json"]
    check(anna.body(observation, anna.comment(observation, "x")), schema["schema"])


def test_the_check_itself_notices_what_is_wrong(anna: Tablet) -> None:
    page = anna.ask_page().json()
    schema = answer_schema("get", "/sync/v1/pull", 200)
    for damaged in (
        page | {"more": "no"},
        page | {"extra": 1},
        {name: value for name, value in page.items() if name != "cursor"},
        page | {"items": [{"entity": "customer", "id": "7", "version": 1}]},
    ):
        with pytest.raises((Mismatch, ValueError)):
            check(damaged, schema)
