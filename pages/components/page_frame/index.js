// The page's keys as Streamlit mounts them.

import { mounted } from "../shared/mount.js";

import { HelpKeys } from "./help_keys.js";
import { WordTips } from "./word_tips.js";

class PageKeys {
  constructor() {
    [this.help, this.words] = [new HelpKeys(), new WordTips()];
  }

  update() {
    this.help.update();
  }

  end() {
    this.help.end();
    this.words.end();
  }
}

export default mounted(".page-frame", PageKeys);
