// The presenter's keys as Streamlit mounts them.

import { mounted } from "../shared/mount.js";

import { Presenter } from "./presenter.js";

export default mounted(".presenter-mount", Presenter);
