import { startExplorer } from "../../report/explorer/explorer.js";
import { startFigures } from "../../report/figures/tools.js";
import { imageView } from "./view.js";

startFigures();
void startExplorer(imageView);
