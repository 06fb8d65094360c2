// The insides of a run as Streamlit mounts them.

import { mounted } from "../shared/mount.js";

import { Insides } from "./insides.js";

export default mounted(".ins-mount", Insides);
