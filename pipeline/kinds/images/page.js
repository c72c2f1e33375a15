import { startExplorer } from "../../report/explorer/explorer.js";
import { imageView } from "./view.js";

void startExplorer(imageView);
