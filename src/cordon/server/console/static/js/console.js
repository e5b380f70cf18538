// Everything the console's pages do in the browser; each part looks for its own elements.
import "./theme.js";
import "./drawer.js";
import "./copy.js";
import "./drop.js";
import "./fold.js";
import "./live.js";
import { refreshPictures } from "./pictures.js";

refreshPictures();
document.addEventListener("htmx:after:swap", refreshPictures);
