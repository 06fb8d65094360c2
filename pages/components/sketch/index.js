// The drawn prediction as Streamlit mounts it.

import { mounted } from "../shared/mount.js";

import { Sketch } from "./sketch.js";

export default mounted(".sketch-mount", Sketch);
