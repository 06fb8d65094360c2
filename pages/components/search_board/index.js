// The board as Streamlit mounts it.

import { mounted } from "../shared/mount.js";

import { Board } from "./board.js";

export default mounted(".sb-mount", Board);
