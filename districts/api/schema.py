"""The OpenAPI 3.1 document of the API: every field, every enum explained, with examples."""

import json
from functools import cache
from typing import Any

from django.urls import URLPattern, include, path
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
    inline_serializer,
)
from rest_framework import serializers

from ..addresses import absolute
from .asking import CURSOR, DEFAULT_LIMIT, MOST
from .enums import explained
from .examples import EXAMPLES, FOLLOWED
from .resource import IdKind, Resource
from .resources import RESOURCES
from .views import FollowView, ListView, OneView


class ErrorSerializer(serializers.Serializer[Any]):
    """What went wrong: the parameter, what was found, what was expected."""

    detail = serializers.CharField()


def _component(resource: Resource) -> str:
    return resource.serializer.__name__.removesuffix("Serializer")


@extend_schema_field(
    {
        "description": "The record as it is now; null where it was taken out.",
        "anyOf": [
            *({"$ref": f"#/components/schemas/{_component(resource)}"} for resource in RESOURCES),
            {"type": "null"},
        ],
    }
)
class AnyRecord(serializers.JSONField):
    """A record of any resource."""


@extend_schema_field({"type": ["integer", "string"], "description": "The id of the object in its resource."})
class AnyId(serializers.JSONField):
    """An id of any kind."""


class WrittenSerializer(serializers.Serializer[Any]):
    """An object of the register that was written since."""

    resource = serializers.ChoiceField([(resource.name, resource.about) for resource in RESOURCES])
    id = AnyId()
    removed = serializers.BooleanField(help_text="It is not in the register any more: take it out.")
    record = AnyRecord()


class FollowedSerializer(serializers.Serializer[Any]):
    """What was written since a cursor."""

    next = serializers.RegexField(CURSOR, help_text="Give it as `since` the next time.")
    more = serializers.BooleanField(help_text="More waits: ask again at once.")
    results = WrittenSerializer(many=True)


def _parameter(name: str, kind: IdKind, about: str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, dict(kind.schema), description=about, **more)


LIMIT = OpenApiParameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT},
    description="How many records a page has at most.",
)
SINCE = OpenApiParameter(
    "since",
    {"type": "string", "pattern": CURSOR},
    description="The `next` of the answer before. Leave it out to begin with an empty register.",
)
BAD = OpenApiResponse(ErrorSerializer, "A parameter is not known or not well formed.")
GONE = OpenApiResponse(ErrorSerializer, "There is no such object, or it is not public.")
UNCHANGED = OpenApiResponse(description="Nothing public has changed since the ETag you sent.")


def _page(resource: Resource) -> Any:
    return inline_serializer(
        f"{_component(resource)}Page",
        {
            "next": serializers.URLField(
                allow_null=True, help_text="Where the next page is; null on the last."
            ),
            "results": resource.serializer(many=True),
        },
    )


def list_view(resource: Resource) -> Any:
    """Return the view of a resource's list, with what the document says of it."""
    view: Any = type(f"{_component(resource)}List", (ListView,), {"resource": resource})
    order = "in the order of publishing" if resource.newest_first else "in the order of ids"
    described = extend_schema(
        operation_id=f"list_{resource.name}",
        summary=resource.about,
        description=f"{resource.about} Records come {order}; follow `next` until it is null.",
        tags=[resource.name],
        parameters=[
            LIMIT,
            _parameter("after", resource.kind, "The id of the last record of the page before."),
            *(_parameter(name, each.kind, each.about) for name, each in resource.filters.items()),
        ],
        responses={
            200: OpenApiResponse(_page(resource), f"One page of {resource.name}."),
            304: UNCHANGED,
            400: BAD,
            **({404: GONE} if resource.newest_first else {}),
        },
        examples=[_example({"next": None, "results": [EXAMPLES[resource.name]]})],
    )
    return extend_schema_view(get=described)(view).as_view()


def one_view(resource: Resource) -> Any:
    """Return the view of one record of a resource, with what the document says of it."""
    view: Any = type(f"{_component(resource)}One", (OneView,), {"resource": resource})
    described = extend_schema(
        operation_id=f"get_{resource.one}",
        summary=f"One {resource.one}.",
        description=str(resource.serializer.__doc__),
        tags=[resource.name],
        parameters=[
            _parameter("id", resource.kind, f"The id of the {resource.one}.", location=OpenApiParameter.PATH)
        ],
        responses={
            200: OpenApiResponse(resource.serializer, f"The {resource.one}."),
            304: UNCHANGED,
            400: BAD,
            404: GONE,
        },
        examples=[_example(EXAMPLES[resource.name])],
    )
    return extend_schema_view(get=described)(view).as_view()


def follow_view() -> Any:
    """Return the view of what was written since, with what the document says of it."""
    described = extend_schema(
        operation_id="follow_changes",
        summary="What of the register was written since.",
        description=(
            "Begin without `since`, keep each record under its resource and id, take out what is removed, "
            "and go on with `next` while there is `more`: you then hold the present register. Keep `next`; "
            "asked with it later, you get only what was written in between. An object written twice comes "
            "once, as it is now. To read what changed in the words of the site, use publications."
        ),
        tags=["changes"],
        parameters=[LIMIT, SINCE],
        responses={
            200: OpenApiResponse(FollowedSerializer, "What was written since."),
            304: UNCHANGED,
            400: BAD,
        },
        examples=[_example(FOLLOWED)],
    )
    return extend_schema_view(get=described)(FollowView).as_view()


def _example(value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample("Example", value=value, response_only=True, status_codes=["200"])


def _exact(field: dict[str, Any]) -> dict[str, Any]:
    """Return a field's schema without what is not so of answers: empty texts are texts of any format."""
    if "oneOf" in field:
        field["anyOf"] = field.pop("oneOf")
    return {key: value for key, value in field.items() if key != "readOnly"}


@cache
def document(root: str, described: tuple[URLPattern, ...]) -> bytes:
    """Return the OpenAPI document of addresses below a root; the same for everybody, made once a process."""
    with override("en"):
        below = [path(root, include(list(described)))]
        made = SchemaGenerator(patterns=below).get_schema(request=None, public=True)
    made["servers"] = [{"url": absolute("")}]
    for name, component in made["components"]["schemas"].items():
        if "properties" in component:  # nothing is ever left out, not even what is empty
            component["required"] = sorted(component["properties"])
            component["properties"] = {key: _exact(it) for key, it in component["properties"].items()}
        if "enum" in component:
            component["description"] = explained(name, component["description"], component["enum"])
    return json.dumps(made, indent=1, ensure_ascii=False).encode()
