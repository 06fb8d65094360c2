// The live curve as Streamlit mounts it.

import { mounted } from "../shared/mount.js";

import { LiveCurve } from "./live_curve.js";

export default mounted(".lc-mount", LiveCurve);
