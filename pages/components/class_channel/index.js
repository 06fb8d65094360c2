// The channel to the class as Streamlit mounts it.

import { mounted } from "../shared/mount.js";

import { ClassChannel } from "./class_channel.js";

export default mounted(".class-channel", ClassChannel);
