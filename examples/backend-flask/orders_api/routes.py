"""The API's endpoints."""

import re
import uuid
from typing import Any

from flask import Blueprint, Response, current_app, g, request, send_from_directory, url_for
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]
from pydantic import BaseModel, ValidationError

from orders_api.access import require
from orders_api.orders import NewOrder, Orders, Page
from orders_api.problems import Problem

MAX_BODY_BYTES = 16 * 1024

blueprint = Blueprint("orders", __name__)


@blueprint.get("/orders")
@require("orders:read")
def list_orders() -> Response:
    orders = _orders().list(g.caller, _page())
    if orders is None:
        # an empty page would look like the end of the list
        raise _invalid([{"parameter": "before", "detail": "None of your orders has this id"}])
    return _json(orders)


@blueprint.get("/orders/<uuid:id>")
@require("orders:read")
def read_order(id: uuid.UUID) -> Response:
    order = _orders().find(g.caller, id)
    if order is None:
        # not 403, which would confirm that another caller has this order
        raise Problem(404, "You have no such order.")
    return _json(order)


@blueprint.post("/orders")
@require("orders:write")
def create_order() -> Response:
    order = _orders().add(g.caller, _new_order(), _idempotency_key())
    if order is None:
        raise Problem(422, "You have used this Idempotency-Key for another order.")
    answer = _json(order, 201)
    answer.headers["Location"] = url_for("orders.read_order", id=order.id)
    return answer


@blueprint.get("/healthz")
def health() -> dict[str, str]:
    _orders().check()
    return {"status": "ok"}


@blueprint.get("/openapi.json")
def description() -> Response:
    return send_from_directory(current_app.root_path, "openapi.json")


def _orders() -> Orders:
    orders: Orders = current_app.extensions["orders"]
    return orders


def _json(model: BaseModel, status: int = 200) -> Response:
    return Response(model.model_dump_json(), status, content_type="application/json")


def _page() -> Page:
    for name, values in request.args.lists():
        if len(values) > 1:
            raise _invalid([{"parameter": name, "detail": "Given more than once"}])
    try:
        return Page.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise _invalid(
            [{"parameter": str(e["loc"][0]), "detail": e["msg"]} for e in error.errors()]
        ) from None


def _new_order() -> NewOrder:
    if request.mimetype != "application/json":
        raise Problem(415, "The body must be application/json.")
    try:
        return NewOrder.model_validate_json(_body())
    except ValidationError as error:
        raise _invalid(
            [{"pointer": _pointer(e["loc"]), "detail": e["msg"]} for e in error.errors()]
        ) from None


def _idempotency_key() -> str | None:
    """The header with which a caller may repeat a request, and still place only one order."""
    key = request.headers.get("Idempotency-Key")
    # WSGI joins two headers with a comma
    if key is not None and not re.fullmatch(r"[!-+\--~]{1,255}", key):
        detail = "Not 1 to 255 visible ASCII characters other than a comma"
        raise _invalid([{"header": "Idempotency-Key", "detail": detail}])
    return key


def _body() -> bytes:
    """The complete body. It is refused if it is too large, with or without Content-Length."""
    try:
        body = request.get_data()
    except ParseException:
        raise Problem(400, "The chunks of the body are malformed.") from None
    if len(body) > MAX_BODY_BYTES:
        raise Problem(413, f"The body is larger than {MAX_BODY_BYTES} bytes.")
    if request.content_length not in (None, len(body)):
        # the start of a body can be an order too
        raise Problem(400, "The body is incomplete.")
    return body


def _pointer(location: tuple[int | str, ...]) -> str:
    """A place in the body as a JSON Pointer (RFC 6901, section 6)."""
    return "#" + "".join(
        f"/{part}" for part in (str(p).replace("~", "~0").replace("/", "~1") for p in location)
    )


def _invalid(errors: list[dict[str, Any]]) -> Problem:
    return Problem(400, "The request is not valid.", errors=errors)
