"""Whoever reaches the server from outside: which names it answers to, who has to know the code, what the browser is told."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit import config

from pages.server.allowed_hosts import AllowedHosts
from pages.server.class_code import COOKIE, ClassCode, class_code
from pages.server.operators import Operators
from pages.server.security_headers import SecurityHeaders
from pages.state.connection import came_from_here, is_encrypted
from pages.state.secret import is_signature, signature
from tests.support.datasets import SETUP
from tuning_core.config import NO_CODE
from tuning_core.store import Database, classrooms, datasets
from tuning_core.store.classrooms import CODE_LENGTH, CODE_LETTERS

PAGE = {"accept": "text/html,*/*;q=0.8"}


def whole(home, code="OAK-723", token=None, get_database=None):
    """The gates in their order before an app that answers everything."""

    async def told(request):
        return PlainTextResponse("inside")

    async def talk(socket):
        await socket.accept()
        await socket.send_text("inside")
        await socket.close()

    gates = [
        Middleware(SecurityHeaders),
        Middleware(AllowedHosts),
        Middleware(Operators, token),
        Middleware(ClassCode, home, code, get_database),
    ]
    return Starlette(routes=[WebSocketRoute("/_stcore/stream", talk), Route("/{path:path}", told)], middleware=gates)


@pytest.fixture
def listens_on(monkeypatch):
    def set_option(address, allowed=()):
        options = {"server.address": address, "server.allowedHosts": list(allowed)}
        monkeypatch.setattr(config, "get_option", options.__getitem__)

    return set_option


def client(app, address="10.0.0.7", host="school.example", scheme="http"):
    return TestClient(app, base_url=f"{scheme}://{host}", client=(address, 40_000), follow_redirects=False)


def is_let_in(browser) -> bool:
    with browser.websocket_connect("ws://school.example/_stcore/stream") as socket:
        return socket.receive_text() == "inside"


def test_without_the_code_there_is_a_form_and_nothing_else(listens_on, tmp_path):
    listens_on("0.0.0.0")
    browser = client(whole(tmp_path))
    page = browser.get("/tune?run=x", headers=PAGE)
    assert page.status_code == 401 and "Class code" in page.text and "inside" not in page.text
    for path in ("/api/curves/x", "/_stcore/host-config", "/static/js/index.js", "/_stcore/upload_file/a/b"):
        refused = browser.get(path)
        assert refused.status_code == 401 and "class code" in refused.json()["error"]
    with pytest.raises(WebSocketDisconnect):
        is_let_in(browser)
    assert browser.get("/_stcore/health").text == "inside"


def test_the_code_opens_page_feed_and_socket_however_it_is_typed(listens_on, tmp_path):
    listens_on("")
    browser = client(whole(tmp_path))
    entered = browser.post("/tune?run=x", data={"class_code": " oak 723 "}, headers=PAGE)
    assert (entered.status_code, entered.headers["location"]) == (303, "/tune?run=x")
    told = entered.headers["set-cookie"]
    assert all(word in told for word in ("HttpOnly", "SameSite=lax")) and "Secure" not in told
    assert browser.get("/tune", headers=PAGE).text == browser.get("/api/curves/x").text == "inside" and is_let_in(browser)
    linked = client(whole(tmp_path), scheme="https").get("/tune?run=x&class_code=OAK-723", headers=PAGE)
    assert linked.headers["location"] == "/tune?run=x" and "Secure" in linked.headers["set-cookie"]


def test_the_join_code_of_a_class_opens_as_well_and_leads_to_its_page(listens_on, tmp_path):
    listens_on("0.0.0.0")
    db = Database(tmp_path)
    datasets.add_dataset(db, datasets.SAMPLES, "a.csv", b"a,b\n1,2\n", dataset_id="sample")
    made = classrooms.add_classroom(db, "teacher", "Tuesday", "sample", SETUP)
    browser = client(whole(tmp_path, get_database=lambda: db))
    asked = browser.get(f"/classroom?join={made.code}", headers=PAGE)
    assert asked.status_code == 401 and f'value="{made.code}"' in asked.text, "the link opens with one press"
    entered = browser.post("/x/tune?run=1", data={"class_code": f" {made.code[:3].lower()}-{made.code[3:]}"}, headers=PAGE)
    assert (entered.status_code, entered.headers["location"]) == (303, f"/x/classroom?join={made.code}")
    assert browser.get("/classroom", headers=PAGE).text == "inside" and is_let_in(browser)
    classrooms.end_classroom(db, made.id, "teacher")
    late = client(whole(tmp_path, get_database=lambda: db)).post("/", data={"class_code": made.code}, headers=PAGE)
    assert late.status_code == 403 and "set-cookie" not in late.headers
    db.close()


def test_a_wrong_code_and_an_invented_cookie_open_nothing(listens_on, tmp_path, monkeypatch):
    listens_on("192.168.1.5")

    async def at_once(seconds):
        assert seconds >= 1, "a wrong code costs time"

    monkeypatch.setattr("pages.server.class_code.asyncio.sleep", at_once)
    browser = client(whole(tmp_path))
    browser.cookies.set(COOKIE, signature(tmp_path, COOKIE, "ANOTHER"))
    assert browser.get("/", headers=PAGE).status_code == 401
    wrong = browser.post("/", data={"class_code": "<b>OAK-724"}, headers=PAGE)
    assert wrong.status_code == 403 and "&lt;b&gt;OAK-724" in wrong.text and "set-cookie" not in wrong.headers
    tries = [browser.post("/", data={"class_code": f"guess{n}"}, headers=PAGE).status_code for n in range(25)]
    assert tries[:19] == [403] * 19 and set(tries[19:]) == {429}
    assert browser.post("/", data={"class_code": "OAK-723"}, headers=PAGE).status_code == 429, "guessing on has no use"
    assert client(browser.app, "10.0.0.8").post("/", data={"class_code": "OAK-723"}, headers=PAGE).status_code == 303


def test_the_stores_own_code_is_made_once_and_another_code_shuts_out_who_knew_the_old_one(listens_on, tmp_path):
    listens_on("0.0.0.0")
    code = class_code(tmp_path, None)
    assert len(code) == CODE_LENGTH and set(code) <= set(CODE_LETTERS) and class_code(tmp_path, None) == code
    assert (tmp_path / "class_code").stat().st_mode & 0o077 == 0
    browser = client(whole(tmp_path, None))
    assert browser.post("/", data={"class_code": code}, headers=PAGE).status_code == 303
    assert browser.get("/", headers=PAGE).text == "inside"
    later = client(whole(tmp_path, "another-code"))
    later.cookies = browser.cookies
    assert later.get("/", headers=PAGE).status_code == 401


def test_on_this_machine_alone_and_where_none_is_wanted_nobody_is_asked(listens_on, tmp_path):
    listens_on("127.0.0.1")
    assert client(whole(tmp_path), host="localhost").get("/", headers=PAGE).text == "inside"
    # Started in another way (uvicorn --host): where the connection arrives tells.
    assert client(whole(tmp_path), host="192.168.1.5").get("/").status_code == 421
    listens_on("127.0.0.1", ["192.168.1.5"])
    assert client(whole(tmp_path), host="192.168.1.5").get("/").status_code == 401
    listens_on("0.0.0.0")
    assert client(whole(tmp_path, NO_CODE)).get("/", headers=PAGE).text == "inside"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example:8501", ""])
def test_another_sites_name_gets_nothing(listens_on, tmp_path, host):
    listens_on("127.0.0.1")
    browser = client(whole(tmp_path), host="localhost")
    refused = browser.get("/", headers=PAGE | {"host": host})
    assert refused.status_code == 421 and "--server.allowedHosts" in refused.text and "inside" not in refused.text
    with pytest.raises(WebSocketDisconnect), browser.websocket_connect("/_stcore/stream", headers={"host": host}):
        pass


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "lab.localhost", "LOCALHOST."])
def test_its_own_names_are_answered(listens_on, tmp_path, host):
    listens_on("127.0.0.1")
    assert client(whole(tmp_path), host="localhost").get("/", headers={"host": host}).text == "inside"


def test_allowed_hosts_are_those_of_the_option(listens_on, tmp_path):
    listens_on("0.0.0.0", ["Tune.School.example", "*.lab.example"])
    app = whole(tmp_path, NO_CODE)
    answers = {
        name: client(app, host=name).get("/").status_code for name in ("tune.school.example", "a.lab.example", "lab.example")
    }
    assert answers == {"tune.school.example": 200, "a.lab.example": 200, "lab.example": 421}


def test_every_answer_tells_the_browser_its_limits(listens_on, tmp_path):
    listens_on("0.0.0.0")
    browser = client(whole(tmp_path))
    for answer in (browser.get("/", headers=PAGE), browser.get("/api/x"), browser.get("/_stcore/health")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy and "frame-ancestors 'self'" in policy and "http" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["referrer-policy"] == "same-origin"


def test_how_busy_the_server_is_is_for_its_operators(listens_on, tmp_path):
    listens_on("127.0.0.1")
    own, other = (client(whole(tmp_path), address, "localhost") for address in ("127.0.0.1", "10.0.0.7"))
    assert own.get("/_stcore/metrics").text == "inside" and other.get("/_stcore/metrics").status_code == 403
    assert own.get("/_stcore/metrics", headers={"x-forwarded-for": "10.0.0.7"}).status_code == 403, "a proxy speaks for others"
    assert own.get("/api/metrics").text == "inside" and other.get("/api/metrics").status_code == 403
    token = client(whole(tmp_path, token="a-token-of-16-signs"), host="localhost")
    right, wrong = ({"authorization": f"Bearer {word}"} for word in ("a-token-of-16-signs", "a-token-of-16-sign"))
    assert token.get("/_stcore/metrics", headers=right).text == "inside"
    assert token.get("/_stcore/metrics", headers=wrong).status_code == 403


def test_who_runs_the_server_needs_no_class_code_besides(listens_on, tmp_path):
    listens_on("0.0.0.0")
    far, near = client(whole(tmp_path, token="a-token-of-16-signs")), client(whole(tmp_path), "127.0.0.1")
    far.headers["authorization"] = "Bearer a-token-of-16-signs"
    for operator in (far, near):
        assert operator.get("/api/metrics").text == operator.get("/api/ready").text == "inside"
        assert [operator.get(path).status_code for path in ("/api/ready/x", "/api/curves/x", "/tune")] == [401] * 3
    assert client(whole(tmp_path, token="a-token-of-16-signs")).get("/api/ready").status_code == 401


def test_a_chosen_code_is_asked_of_whoever_a_proxy_speaks_for(listens_on, tmp_path):
    listens_on("127.0.0.1")
    proxied = client(whole(tmp_path), "127.0.0.1", "localhost")
    proxied.headers["x-forwarded-for"] = "10.0.0.7"
    paths = ("/tune", "/api/curves/x", "/api/ready", "/_stcore/host-config", "/api/metrics/x")
    assert [proxied.get(path).status_code for path in paths] == [401] * len(paths)
    assert proxied.get("/api/metrics").status_code == proxied.get("/_stcore/metrics").status_code == 403, "no code opens these"
    assert proxied.get("/_stcore/health").text == "inside"
    assert proxied.post("/tune", data={"class_code": "OAK-723"}).status_code == 303 and proxied.get("/tune").text == "inside"
    assert client(whole(tmp_path), "127.0.0.1", "localhost").get("/tune").text == "inside", "nobody else is meant"


def test_signatures_are_the_stores_own_and_serve_one_purpose(tmp_path):
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    signed = signature(tmp_path / "a", "cookie", "x")
    assert is_signature(tmp_path / "a", "cookie", "x", signed)
    for home, purpose, text in (("b", "cookie", "x"), ("a", "other", "x"), ("a", "cookie", "y")):
        assert not is_signature(tmp_path / home, purpose, text, signed)
    assert not is_signature(tmp_path / "a", "cookie", "x", "é")
    assert (tmp_path / "a" / "secret").stat().st_mode & 0o077 == 0


def test_what_a_connection_tells_of_itself():
    scope = {"type": "http", "scheme": "http", "client": ("127.0.0.1", 1), "headers": [(b"X-Forwarded-Proto", b"https, http")]}
    assert is_encrypted(scope) and came_from_here(scope)
    assert not came_from_here(scope | {"headers": [(b"forwarded", b"for=10.0.0.7")]})
    assert not came_from_here(scope | {"client": None})
