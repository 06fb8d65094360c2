// The page's keys as Streamlit mounts them.

import { mounted } from "../shared/mount.js";

import { HelpKeys } from "./help_keys.js";

export default mounted(".page-frame", HelpKeys);
