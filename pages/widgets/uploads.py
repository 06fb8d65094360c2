"""Files that visitors upload: the web process lets go of them as soon as they are stored."""

from __future__ import annotations

from typing import Any

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx


def forget_upload(file: Any) -> None:
    """Free the bytes of an upload field's file, which Streamlit holds until the visit ends; the field must begin anew."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
    file.close()  # the visit's state keeps the object for a while
