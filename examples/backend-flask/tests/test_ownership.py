"""Callers see only their own orders."""

import uuid

from flask.testing import FlaskClient

from tests.conftest import Get
from tests.issuer import Issuer
from tests.test_orders import BOTH, items, place


def test_each_caller_sees_only_its_own_orders(
    issuer: Issuer, client: FlaskClient, get: Get
) -> None:
    callers = {
        "acme": issuer.customer("acme", BOTH),
        "globex": issuer.customer("globex", BOTH),
        "ann": issuer.user("ann", BOTH),
        "bob": issuer.user("bob", BOTH),
        "a user whose sub is a client id": issuer.user("acme", BOTH),
        "a user whose sub is an owner of orders": issuer.user("customer:acme", BOTH),
    }
    places = {
        name: place(client, token, name).headers["Location"] for name, token in callers.items()
    }
    for name, token in callers.items():
        assert items(get(token)) == [name]
        for owner, location in places.items():
            assert get(token, location).status_code == (200 if owner == name else 404)


def test_a_caller_cannot_pose_as_another(issuer: Issuer, client: FlaskClient, get: Get) -> None:
    place(client, issuer.customer("acme", BOTH), "own")
    globex = place(client, issuer.customer("globex", BOTH), "secret").json
    assert globex is not None
    acme = issuer.customer("acme", BOTH, preferred_username="service-account-globex", name="globex")
    claims = {
        "X-Client-Id": "globex",
        "X-Forwarded-User": "customer:globex",
        "Cookie": "client_id=globex",
        "From": "globex",
    }
    assert items(get(acme, **claims)) == ["own"]
    assert get(acme, f"/orders/{globex['id']}", **claims).status_code == 404
    for query in (
        *("owner=customer:globex", "client_id=globex", "sub=globex"),
        f"before={globex['id']}",
    ):
        assert get(acme, f"/orders?{query}").status_code == 400
    theirs = {"item": "pencil", "quantity": 1, "owner": "customer:globex"}
    headers = {"Authorization": f"Bearer {acme}"}
    assert client.post("/orders", json=theirs, headers=headers).status_code == 400
    assert items(get(issuer.customer("globex"))) == ["secret"]


def test_an_order_of_another_caller_is_not_found(
    issuer: Issuer, client: FlaskClient, get: Get
) -> None:
    theirs = place(client, issuer.customer("globex", BOTH)).headers["Location"]
    assert (
        get(issuer.customer(), theirs).data
        == get(issuer.customer(), f"/orders/{uuid.uuid4()}").data
    )
