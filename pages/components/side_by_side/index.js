// Panels side by side as Streamlit mounts them.

import { mounted } from "../shared/mount.js";

import { SideBySide } from "./side_by_side.js";

export default mounted(".sbs-mount", SideBySide);
