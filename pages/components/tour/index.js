// The tour as Streamlit mounts it.

import { mounted } from "../shared/mount.js";

import { Tour } from "./tour.js";

export default mounted(".tour-mount", Tour);
