// A page that shows something else, such as the next chapter, begins at its top. Draws nothing.

import { mounted } from "../shared/mount.js";

class PageTop {
  update({ data }) {
    if (this.shown !== undefined && this.shown !== data.shown) document.querySelector(".stMain")?.scrollTo(0, 0);
    this.shown = data.shown;
  }

  end() {}
}

export default mounted(".page-top", PageTop);
