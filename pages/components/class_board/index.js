// The class's board as Streamlit mounts it.

import { mounted } from "../shared/mount.js";

import { ClassBoard } from "./class_board.js";

export default mounted(".cb-mount", ClassBoard);
