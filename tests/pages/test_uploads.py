"""What a visitor uploads is held by the web process only until it is stored."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from pages.data import dataset_picker
from pages.widgets import uploads
from tuning_core.store import datasets, limits


@pytest.mark.parametrize("room", [True, False])
def test_an_upload_is_forgotten_when_it_is_stored_or_refused(db, monkeypatch, room):
    manager = MemoryUploadedFileManager("/upload")
    record = UploadedFileRec("f1", "a.csv", "text/csv", b"a,b\n" + b"1,2\n" * 1000)
    manager.add_file("visit", record)
    manager.add_file("visit", UploadedFileRec("f2", "b.csv", "text/csv", b"another field's"))
    context = SimpleNamespace(session_id="visit", uploaded_file_mgr=manager)
    monkeypatch.setattr(uploads, "get_script_run_ctx", lambda: context)
    state = {"upload_0": UploadedFile(record, FileURLs())}
    monkeypatch.setattr(dataset_picker.st, "session_state", _State(state))
    monkeypatch.setattr(dataset_picker, "workspace", lambda: "me")
    monkeypatch.setattr(dataset_picker, "start_reading", lambda identity: state.update(read=identity))
    if not room:
        monkeypatch.setattr(limits, "MOST_BYTES", 100)
    dataset_picker._upload("upload_0")
    assert ("read" in state, "not_queued" in state) == (room, not room)
    assert not room or (datasets.folder(db, state["read"]) / "upload.bin").read_bytes() == record.data
    assert [found.file_id for found in manager.get_files("visit", ["f1", "f2"])] == ["f2"]
    assert state["uploads"] == 1  # the field begins anew, and does not ask for what is gone


class _State(dict):
    """As Streamlit's session state: entries are attributes too."""

    def __init__(self, values):
        super().__init__()
        self.__dict__["held"] = values

    def __getitem__(self, name):
        return self.held[name]

    def __getattr__(self, name):
        return self.held[name]

    def __setattr__(self, name, value):
        self.held[name] = value

    def get(self, name, default=None):
        return self.held.get(name, default)
