"""The orders: their models and their storage."""

import re
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from orders_api.database import Database
from orders_api.tokens import Caller

MAX_QUANTITY = 1000
MAX_PAGE = 100
VISIBLE = (
    r"^[^\u0000-\u001f\u007f-\u009f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891"
    r"\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]+$"
)
"""Text without the categories Cc and Cf: they change how a terminal or a page shows the rest.

They are listed, because many tools that read openapi.json do not know `\\p{Cf}`.
"""


def _digits(value: object) -> object:
    """Refuses what Python's integers allow, but JSON's do not: `1_0`, `+5`, `05`."""
    if not re.fullmatch(r"-?(0|[1-9][0-9]*)", str(value)):
        raise ValueError("Input should be an integer in decimal digits")
    return value


def _whole(value: object) -> object:
    """Accepts 2.0 as an integer, as JSON Schema does (2020-12, section 4.2.3)."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class NewOrder(BaseModel):
    """The body of a request that creates an order."""

    model_config = ConfigDict(extra="forbid", strict=True)

    item: Annotated[str, Field(min_length=1, max_length=200, pattern=VISIBLE)]
    quantity: Annotated[int, Field(ge=1, le=MAX_QUANTITY), BeforeValidator(_whole)]


class Page(BaseModel):
    """The query parameters of a request that lists orders."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=MAX_PAGE), BeforeValidator(_digits)] = 50
    before: uuid.UUID | None = None


class Order(BaseModel):
    """An order in a response."""

    id: uuid.UUID
    item: str
    quantity: int
    createdAt: datetime


class OrderList(BaseModel):
    """One page of orders, newest first. `next` is the `before` of the next page."""

    orders: list[Order]
    next: uuid.UUID | None


SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL,
  item TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  createdAt TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS orders_owner ON orders (owner, position);
CREATE TABLE IF NOT EXISTS idempotency_keys (
  owner TEXT NOT NULL,
  key TEXT NOT NULL,
  body TEXT NOT NULL,
  "order" TEXT NOT NULL,
  PRIMARY KEY (owner, key)
) WITHOUT ROWID;
"""


class Orders:
    """Storage for orders. Callers reach only their own orders."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, SCHEMA)

    def add(self, caller: Caller, new: NewOrder, key: str | None) -> Order | None:
        """Stores an order. It is on disk when this returns.

        If the caller has used the idempotency key before, nothing is stored: returns the order of
        that time, or None if that was for another body.
        """
        owner, body = str(caller), new.model_dump_json()
        order = Order(
            id=uuid.uuid4(), item=new.item, quantity=new.quantity, createdAt=datetime.now(UTC)
        )
        with self._database.transaction() as connection:
            if key is not None:
                known = connection.execute(
                    'SELECT body, "order" FROM idempotency_keys WHERE owner = ? AND key = ?',
                    (owner, key),
                ).fetchone()
                if known:
                    same = known["body"] == body
                    return self.find(caller, uuid.UUID(known["order"])) if same else None
                connection.execute(
                    "INSERT INTO idempotency_keys VALUES (?, ?, ?, ?)",
                    (owner, key, body, str(order.id)),
                )
            connection.execute(
                "INSERT INTO orders (id, owner, item, quantity, createdAt) VALUES (?, ?, ?, ?, ?)",
                (str(order.id), owner, order.item, order.quantity, order.createdAt.isoformat()),
            )
        return order

    def find(self, caller: Caller, id: uuid.UUID) -> Order | None:
        """The caller's order with this id, or None."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT id, item, quantity, createdAt FROM orders WHERE id = ? AND owner = ?",
                (str(id), str(caller)),
            ).fetchone()
        return Order(**row) if row else None

    def list(self, caller: Caller, page: Page) -> OrderList | None:
        """The caller's orders older than `page.before`. None if that is not one of them."""
        owner, position = str(caller), 2**63 - 1
        with self._database.reading() as connection:
            if page.before is not None:
                row = connection.execute(
                    "SELECT position FROM orders WHERE id = ? AND owner = ?",
                    (str(page.before), owner),
                ).fetchone()
                if row is None:
                    return None
                position = row["position"]
            rows = connection.execute(
                """
                SELECT id, item, quantity, createdAt FROM orders
                WHERE owner = ? AND position < ? ORDER BY position DESC LIMIT ?
                """,
                (owner, position, page.limit + 1),
            ).fetchall()
        orders = [Order(**row) for row in rows[: page.limit]]
        return OrderList(orders=orders, next=orders[-1].id if len(rows) > page.limit else None)

    def check(self) -> None:
        """Raises a problem if orders cannot be read."""
        with self._database.reading() as connection:
            connection.execute("SELECT 1 FROM orders LIMIT 1")
