"""A browser tab without a browser: the page and its cookies over HTTP, reruns as Streamlit's protobufs over a WebSocket."""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.students.record import Book

HOST = "127.0.0.1"
PATIENCE = 300.0  # seconds until a student gives up; counted as an error
FINISHED_EARLY_FOR_RERUN = 2
CACHED_MESSAGES = 300

Setter = Callable[[Any], None]


class Http:
    """One HTTP/1.1 connection that is kept."""

    def __init__(self, port: int) -> None:
        self.port, self.reader, self.writer = port, None, None

    async def request(self, method: str, path: str, headers: dict[str, str], body: bytes = b"", timeout: float = 60) -> tuple:
        for last in (False, True):
            fresh = self.writer is None
            if fresh:
                self.reader, self.writer = await asyncio.open_connection(HOST, self.port)
            lines = {"Host": f"{HOST}:{self.port}", **headers}
            if body:
                lines["Content-Length"] = str(len(body))
            head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items()) + "\r\n"
            try:
                self.writer.write(head.encode("latin-1") + body)
                await self.writer.drain()
                return await asyncio.wait_for(self._answer(method), timeout)
            except (ConnectionError, asyncio.IncompleteReadError):
                self.close()
                if fresh or last:
                    raise
            except BaseException:
                self.close()
                raise
        raise AssertionError

    async def _answer(self, method: str) -> tuple[int, list[tuple[str, str]], bytes]:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split()[1])
        headers = [(name.lower(), value) for name, _, value in (line.partition(": ") for line in head[1:]) if value]
        named, body = dict(headers), b""
        if method != "HEAD" and status not in (204, 304):
            if "chunked" in named.get("transfer-encoding", ""):
                while size := int(await self.reader.readline(), 16):
                    body += (await self.reader.readexactly(size + 2))[:-2]
                await self.reader.readline()
            else:
                body = await self.reader.readexactly(int(named.get("content-length", 0)))
        if named.get("connection") == "close":
            self.close()
        return status, headers, body

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


class Tab:
    """A browser tab: cookies, the elements of the page by their place, the messages it keeps."""

    def __init__(self, port: int, book: Book) -> None:
        self.port, self.book, self.cookies = port, book, {}
        self.http, self.polls, self.socket = Http(port), Http(port), None
        self.session, self.query, self.page_hash, self.page_name = "", "", "", ""
        self.pages: dict[str, str] = {}
        self.elements: dict[tuple[int, ...], tuple[int, Any]] = {}
        self.kept: dict[str, ForwardMsg] = {}
        self.turn, self.waiting = 0, []

    def headers(self, **more: str) -> dict[str, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {**({"Cookie": cookie} if cookie else {}), **more}

    async def get(self, path: str, http: Http | None = None, **more: str) -> tuple[int, bytes]:
        status, headers, body = await (http or self.http).request("GET", path, self.headers(**more))
        for name, value in headers:
            if name == "set-cookie":
                word, _, rest = value.partition("=")
                self.cookies[word] = rest.partition(";")[0]
        self.book.bytes["http"] += len(body)
        if status >= 400:
            self.book.errors[f"HTTP {status} {re.sub(r'[^/]*[0-9][^/]*$', '', path.partition('?')[0])}"] += 1
        return status, body

    async def open(self, assets: bool, path: str = "/") -> None:
        """The page, what it links, and its WebSocket."""
        _, page = await self.get(path, Accept="text/html")
        if assets:
            links = re.findall(r'(?:src|href)="\.?/?(static/[^"]+)"', page.decode())
            for link in dict.fromkeys(links):
                await self.get(f"/{link}", **{"Accept-Encoding": "gzip"})
            await self.get("/api/plotly.min.js", **{"Accept-Encoding": "gzip"})
        await self.get("/_stcore/health")
        await self.get("/_stcore/host-config")
        self.socket = await websockets.connect(
            f"ws://{HOST}:{self.port}/_stcore/stream",
            subprotocols=["streamlit", self.cookies.get("_streamlit_xsrf", "none")],
            additional_headers=self.headers(),
            origin=f"http://{HOST}:{self.port}",
            max_size=None,
            compression=None,
            open_timeout=60,
            ping_interval=None,
        )

    async def rerun(self, changed: dict[str, Setter] | None = None, fragment: str = "", hear: Any = None) -> float:
        """Send the state of all widgets, take the page in; the seconds it took."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash, state.page_name = self.query, self.page_hash, self.page_name
        state.cached_message_hashes.extend(self.kept)
        state.context_info.timezone, state.context_info.color_scheme = "UTC", "light"
        if fragment:
            state.fragment_id, state.is_auto_rerun = fragment, True
        setters = {**self._shown_values(), **(changed or {})}
        for identity, setter in setters.items():
            widget = state.widget_states.widgets.add()
            widget.id = identity
            setter(widget)
        began = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        await asyncio.wait_for(self._take_in(hear), PATIENCE)
        return time.perf_counter() - began

    async def _take_in(self, hear: Any) -> None:
        """Until the script has finished; a fragment that asks for the whole page is followed by a run of the whole page."""
        while True:
            message = await self.receive()
            if hear is not None:
                hear(message)
            if message.WhichOneof("type") == "script_finished" and message.script_finished != FINISHED_EARLY_FOR_RERUN:
                break
        self.elements = {place: pair for place, pair in self.elements.items() if pair[0] == self.turn}

    async def receive(self) -> ForwardMsg:
        data = await self.socket.recv()
        self.book.bytes["websocket"] += len(data)
        message = ForwardMsg()
        message.ParseFromString(data)
        if message.WhichOneof("type") == "ref_hash":
            known = self.kept.get(message.ref_hash)
            if known is None:
                self.book.errors["message not kept"] += 1
                return message
            whole = ForwardMsg()
            whole.CopyFrom(known)
            whole.metadata.CopyFrom(message.metadata)
            message = whole
        elif message.metadata.cacheable and message.hash:
            self.kept[message.hash] = message
            while len(self.kept) > CACHED_MESSAGES:
                self.kept.pop(next(iter(self.kept)))
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session = message.new_session.initialize.session_id or self.session
            self.page_hash = message.new_session.page_script_hash
            if not message.metadata.run.fragment_ids:  # the whole page is built anew
                self.turn, self.waiting = self.turn + 1, []
        elif kind == "navigation":
            self.page_hash = message.navigation.page_script_hash
            self.pages = {p.url_pathname: p.page_script_hash for p in message.navigation.app_pages}
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self.waiting.append((message.auto_rerun.fragment_id, message.auto_rerun.interval))
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            self.elements[tuple(message.metadata.delta_path)] = (self.turn, element)
            if element.WhichOneof("type") == "exception":
                self.book.errors[f"exception: {element.exception.type}"] += 1
            elif element.WhichOneof("type") == "alert" and "problem of its own" in element.alert.body:
                self.book.errors["a page failed"] += 1
        return message

    def _shown_values(self) -> dict[str, Setter]:
        """What the browser holds of sliders and toggles."""
        found: dict[str, Setter] = {}
        for _, element in self.elements.values():
            kind = element.WhichOneof("type")
            if kind == "slider" and element.slider.options:
                slider = element.slider
                words = list(slider.raw_value) or [slider.options[int(i)] for i in slider.default]
                found[slider.id] = lambda w, words=words: w.string_array_value.data.extend(words)
            elif kind == "checkbox":
                box = element.checkbox
                on = box.value if box.set_value else box.default
                found[box.id] = lambda w, on=on: setattr(w, "bool_value", on)
        return found

    def widget(self, kind: str, label: str = "", ends: str = "") -> Any:
        for _, element in self.elements.values():
            if element.WhichOneof("type") == kind:
                found = getattr(element, kind)
                if (not label or found.label == label) and found.id.endswith(ends):
                    return found
        raise LookupError(f"no {kind} {label or ends}")

    def shown(self, name: str) -> str | None:
        return (parse_qs(self.query).get(name) or [None])[0]

    async def settle(self, most: float = 20.0) -> None:
        """What a page that waits does: its fragment runs twice a second until it has what it waits for."""
        began = time.perf_counter()
        while self.waiting and time.perf_counter() - began < most:
            fragment, interval = self.waiting[-1]
            await asyncio.sleep(interval)
            self.book.add("rerun: waiting", await self.rerun(fragment=fragment))

    async def to_page(self, path: str) -> float:
        self.page_hash, self.page_name = self.pages[path], path
        seconds = await self.rerun()
        await self.settle()
        return seconds

    async def upload(self, name: str, data: bytes, label: str) -> float:
        """Through the upload endpoint, then the rerun that tells of it."""
        widget = self.widget("file_uploader", label)
        ask = BackMsg()
        ask.file_urls_request.request_id = uuid.uuid4().hex
        ask.file_urls_request.session_id = self.session
        ask.file_urls_request.file_names.append(name)
        began = time.perf_counter()
        await self.socket.send(ask.SerializeToString())
        while (answer := await asyncio.wait_for(self.receive(), PATIENCE)).WhichOneof("type") != "file_urls_response":
            pass
        place = answer.file_urls_response.file_urls[0]
        line = uuid.uuid4().hex
        part = f'--{line}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
        body = part.encode() + data + f"\r\n--{line}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={line}", "X-Xsrftoken": self.cookies.get("_streamlit_xsrf", "")}
        status, _, _ = await self.http.request("PUT", place.upload_url, self.headers(**kind), body)
        if status != 204:
            self.book.errors[f"upload HTTP {status}"] += 1

        def state(w: Any) -> None:
            info = w.file_uploader_state_value.uploaded_file_info.add()
            info.file_id, info.name, info.size = place.file_id, name, len(data)
            info.file_urls.CopyFrom(place)

        await self.rerun({widget.id: state})
        return time.perf_counter() - began

    async def close(self) -> None:
        self.http.close(), self.polls.close()
        if self.socket is not None:
            with suppress(Exception):
                await self.socket.close()
